"""Colours that readers can tell apart and read."""

import pytest

from reports.colours import DARK, LIGHT, painted

TEXTS = ("text", "muted", "accent", "baseline", "published", "good", "bad", "open", "luck")


def luminance(colour: str) -> float:
    # WCAG 2.2, relative luminance
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", TEXTS)
def test_every_colour_of_text_can_be_read_on_a_card(palette: dict[str, str], name: str) -> None:
    assert contrast(palette[name], palette["card"]) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["good", "bad", "open"])
def test_every_badge_can_be_read(palette: dict[str, str], name: str) -> None:
    assert contrast(palette[name], palette[f"{name}-soft"]) >= 4.5


def test_both_palettes_name_the_same_colours() -> None:
    assert list(LIGHT) == list(DARK)


def test_only_colour_keys_are_painted() -> None:
    figure = {
        "marker": {"color": ["$accent", 1], "line": {"color": "$text"}},
        "x": ["$accent"],
        "text": "$accent",
        "colorscale": [[0.0, "$low"]],
    }
    assert painted(figure, LIGHT) == {
        "marker": {"color": [LIGHT["accent"], 1], "line": {"color": LIGHT["text"]}},
        "x": ["$accent"],
        "text": "$accent",
        "colorscale": [[0.0, LIGHT["low"]]],
    }
