"""Shapes and an axis as SVG text; the colours are those of the light page."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from reports.colours import LIGHT

WIDTH = 640
LEFT, RIGHT = 56, 24  # pixels beside the area that is drawn in
AXIS_HEIGHT = 44


@dataclass(frozen=True)
class Scale:
    """A range of values, laid over a range of pixels."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the pixel of a value."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self, most: int = 7, least: float = 0.0) -> list[float]:
        """Return round values inside the range: 1, 2 or 5 times a power of ten apart.

        There are at most `most` and one, at least `least` apart, and always one.
        """
        size = max((self.high - self.low) / most, least)
        power = 10.0 ** math.floor(math.log10(size))
        step = next(n * power for n in (1, 2, 5, 10) if n * power >= size)
        while not (found := self._multiples(step)):  # none lies in a range shorter than a step
            step *= 0.4 if f"{step:e}".startswith("5") else 0.5
        return found if step >= size or least == 0.0 else found[:1]

    def _multiples(self, step: float) -> list[float]:
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        return [round(n * step, 10) for n in range(first, last + 1)]


def around(values: Iterable[float]) -> tuple[float, float]:
    """Return a range that holds all values with room beside them, and is never empty."""
    held = list(values)
    low, high = min(held), max(held)
    room = 0.08 * (high - low) or 1.0
    return low - room, high + room


def document(height: float, title: str, shapes: Iterable[str]) -> str:
    """Return the whole picture; the title is what a screen reader says."""
    name = escape(title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" '
        f'style="max-width:100%" role="img" aria-label="{name}" font-family="sans-serif" '
        f'font-size="12"><title>{name}</title>'
        f'<rect width="100%" height="100%" fill="{LIGHT["card"]}"/>{"".join(shapes)}</svg>'
    )


def text(x: float, y: float, words: str, *, colour: str = "text", anchor: str = "start") -> str:
    """Write words at a place; `colour` is a word of the palette."""
    # An edge in the ground's colour keeps words readable where a line crosses them.
    edge = f'stroke="{LIGHT["card"]}" stroke-width="4" paint-order="stroke"'
    look = f'fill="{LIGHT[colour]}" text-anchor="{anchor}" {edge}'
    return f'<text x="{x:g}" y="{y:g}" {look}>{escape(words)}</text>'


def line(
    start: tuple[float, float],
    end: tuple[float, float],
    colour: str,
    width: float = 1,
    dash: str = "",
) -> str:
    """Draw a straight line; `dash` is SVG's own."""
    (x1, y1), (x2, y2) = start, end
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    look = f'stroke="{LIGHT[colour]}" stroke-width="{width:g}"{dashes}'
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" {look}/>'


def dot(x: float, y: float, colour: str, radius: float = 4) -> str:
    """Draw a filled circle."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{LIGHT[colour]}"/>'


def axis_below(
    scale: Scale, top: float, bottom: float, title: str, *, least: float = 0.0
) -> list[str]:
    """Draw upright grid lines, at least `least` apart, with their values, and the axis's title."""
    shapes = []
    for tick in scale.ticks(least=least):
        x = scale.at(tick)
        shapes += [
            line((x, top), (x, bottom), "line"),
            text(x, bottom + 16, f"{tick:g}", colour="muted", anchor="middle"),
        ]
    middle = (scale.start + scale.end) / 2
    return [*shapes, text(middle, bottom + 34, title, colour="muted", anchor="middle")]
