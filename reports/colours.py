"""Every colour of the page, by what it means, for light and dark.

The hues are Okabe and Ito's, which colour-blind readers can tell apart; figures also use symbols
and dashes. Figures name a colour as `$word`; the page and the image writer put the colour in.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "page": "#f5f6f7",
        "card": "#ffffff",
        "text": "#1a1e23",
        "muted": "#566069",
        "line": "#dfe3e7",
        "grid": "#eceff1",
        "accent": "#0065a3",
        "accent-soft": "#cfe4f2",
        "baseline": "#c24e00",
        "published": "#8d3b74",
        "published-soft": "rgba(141,59,116,0.10)",
        "trial": "#66727d",
        "faint": "#c3cad1",
        "luck": "#9a6700",
        "luck-soft": "rgba(230,159,0,0.16)",
        "good": "#00704f",
        "good-soft": "#dcf1ea",
        "bad": "#a63f00",
        "bad-soft": "#fbe6d9",
        "open": "#7a5600",
        "open-soft": "#fbf0d2",
        "low": "#f3f7fa",
        "mid": "#7fb4d6",
        "high": "#003f6b",
    }
)
DARK: Mapping[str, str] = MappingProxyType(
    {
        "page": "#0e1114",
        "card": "#161a1f",
        "text": "#e7eaed",
        "muted": "#a3adb7",
        "line": "#2c333a",
        "grid": "#242a30",
        "accent": "#62b8ee",
        "accent-soft": "#173a52",
        "baseline": "#f08c4b",
        "published": "#dc93bf",
        "published-soft": "rgba(220,147,191,0.14)",
        "trial": "#93a0ac",
        "faint": "#3d464f",
        "luck": "#e5b645",
        "luck-soft": "rgba(229,182,69,0.15)",
        "good": "#4fd0a5",
        "good-soft": "#123328",
        "bad": "#f5a271",
        "bad-soft": "#3b2114",
        "open": "#ecc25a",
        "open-soft": "#382c0c",
        "low": "#1b2228",
        "mid": "#2f7fb0",
        "high": "#b9e2ff",
    }
)
# Colour and dash of many lines go round at different lengths: thirty of them look different.
LINES = ("$accent", "$baseline", "$good", "$published", "$luck", "$trial")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
# From poor to good, for lines and areas.
SEQUENCE = ((0.0, "$low"), (0.5, "$mid"), (1.0, "$high"))


def painted(value: Any, palette: Mapping[str, str], key: str = "") -> Any:
    """Put the palette's colours where colour keys of a figure hold `$word`."""
    if isinstance(value, dict):
        return {name: painted(entry, palette, name) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [painted(entry, palette, key) for entry in value]
    if isinstance(value, str) and value.startswith("$") and "color" in key:
        return palette[value[1:]]
    return value


def css_variables(palette: Mapping[str, str]) -> str:
    """Write the palette as CSS custom properties."""
    return "".join(f"--{name}:{colour};" for name, colour in palette.items())
