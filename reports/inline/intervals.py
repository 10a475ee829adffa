"""The answers' intervals on one axis of differences, as SVG text."""

from collections.abc import Sequence

from reports.inline.svg import (
    AXIS_HEIGHT,
    LEFT,
    RIGHT,
    WIDTH,
    Scale,
    around,
    axis_below,
    document,
    dot,
    line,
    text,
)
from reports.measure_words import drawn_differences
from reports.numbers import size_words
from reports.views.differences import Difference

COLOURS = {"BEATS": "good", "DOES NOT BEAT": "bad", "CAN'T TELL": "open"}
_ROW = 44


def intervals_svg(rows: Sequence[Difference], margin: float) -> str:
    """Draw each answer's difference with its interval, and zero and margin as lines.

    Needs at least one row.
    """
    times, title = drawn_differences(rows[0].measure, "test")
    ends = [times * end for row in rows for end in (row.low, row.high)]
    scale = Scale(*around([0.0, times * margin, *ends]), LEFT, WIDTH - RIGHT)
    bottom = 8 + _ROW * len(rows)
    shapes = axis_below(scale, 8, bottom, f"winner minus the other, {title}")
    shapes.append(_upright(scale, 0.0, bottom, ""))
    if margin:
        shapes.append(_upright(scale, times * margin, bottom, "2 3"))
    for place, row in enumerate(rows):
        shapes += _row(scale, row, 8 + _ROW * place, times)
    said = "; ".join(f"{row.against}: {row.answer}" for row in rows)
    return document(bottom + AXIS_HEIGHT, f"Differences with their intervals. {said}", shapes)


def _row(scale: Scale, row: Difference, top: float, times: float) -> list[str]:
    colour, y = COLOURS[row.answer], top + 30
    low, middle, high = (scale.at(times * one) for one in (row.low, row.difference, row.high))
    size = size_words(row.n, row.groups, weighted_n=row.weighted_n)
    words = f"{row.against}: {row.answer} ({size}, {row.seeds} seeds)"
    return [
        text(12, top + 16, words),
        line((low, y), (high, y), colour, 3),
        line((low, y - 6), (low, y + 6), colour, 2),
        line((high, y - 6), (high, y + 6), colour, 2),
        dot(middle, y, colour, 5),
    ]


def _upright(scale: Scale, value: float, bottom: float, dash: str) -> str:
    x = scale.at(value)
    return line((x, 8), (x, bottom), "muted", 1, dash)
