"""What each trial reached and the best so far, as SVG text."""

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
from reports.views.progress import Progress
from search_spaces.measures import MEASURES

_TOP, _BOTTOM = 30, 220


def search_svg(progress: Progress) -> str:
    """Draw the trials of a search by number, the best so far, and the baseline's own trial.

    Needs at least one point.
    """
    numbers = [point.number for point in progress.points]
    across = Scale(*around(numbers), LEFT, WIDTH - RIGHT)
    own = MEASURES[progress.measure]
    factor, sign = (100, " %") if own.unit == "fraction" else (1, "")
    up = Scale(*around(factor * point.value for point in progress.points), _BOTTOM, _TOP)
    shapes = axis_below(across, _TOP, _BOTTOM, "trial", least=1)
    shapes += [
        text(LEFT - 6, up.at(tick) + 4, f"{tick:g}{sign}", colour="muted", anchor="end")
        for tick in up.ticks(5)
    ]
    if progress.own is not None:
        y = up.at(factor * progress.own.value)
        shapes.append(line((LEFT, y), (WIDTH - RIGHT, y), "baseline", 1.5, "6 4"))
    shapes += _steps(across, up, tuple((n, factor * v) for n, v in progress.best), max(numbers))
    for point in progress.points:
        ended = point.state == "complete"
        colour, size = ("trial", 4.0) if ended else ("faint", 3.0)
        shapes.append(dot(across.at(point.number), up.at(factor * point.value), colour, size))
    title = (
        f"Validation {own.title} of each trial (pale: pruned or failed); "
        "line: best so far; dashed: the baseline's trial"
    )
    return document(_BOTTOM + AXIS_HEIGHT, title, [text(12, 18, title), *shapes])


def _steps(across: Scale, up: Scale, best: tuple[tuple[int, float], ...], last: int) -> list[str]:
    shapes = []
    ends = [*best[1:], (last, best[-1][1])] if best else []
    for (number, value), (following, better) in zip(best, ends, strict=True):
        x, y = across.at(following), up.at(value)
        shapes.append(line((across.at(number), y), (x, y), "accent", 2))
        shapes.append(line((x, y), (x, up.at(better)), "accent", 2))
    return shapes
