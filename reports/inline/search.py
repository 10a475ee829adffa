"""The accuracy of each trial and the best so far, as SVG text."""

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

_TOP, _BOTTOM = 30, 220


def search_svg(progress: Progress) -> str:
    """Draw the trials of a search by number, the best so far, and the baseline's own trial.

    Needs at least one point.
    """
    numbers = [point.number for point in progress.points]
    across = Scale(*around(numbers), LEFT, WIDTH - RIGHT)
    up = Scale(*around(100 * point.accuracy for point in progress.points), _BOTTOM, _TOP)
    shapes = axis_below(across, _TOP, _BOTTOM, "trial", least=1)
    shapes += [
        text(LEFT - 6, up.at(tick) + 4, f"{tick:g} %", colour="muted", anchor="end")
        for tick in up.ticks(5)
    ]
    if progress.own is not None:
        y = up.at(100 * progress.own.accuracy)
        shapes.append(line((LEFT, y), (WIDTH - RIGHT, y), "baseline", 1.5, "6 4"))
    shapes += _steps(across, up, progress.best, max(numbers))
    for point in progress.points:
        ended = point.state == "complete"
        colour, size = ("trial", 4.0) if ended else ("faint", 3.0)
        shapes.append(dot(across.at(point.number), up.at(100 * point.accuracy), colour, size))
    title = (
        "Validation accuracy of each trial (pale: pruned or failed); "
        "line: best so far; dashed: the baseline's trial"
    )
    return document(_BOTTOM + AXIS_HEIGHT, title, [text(12, 18, title), *shapes])


def _steps(across: Scale, up: Scale, best: tuple[tuple[int, float], ...], last: int) -> list[str]:
    shapes = []
    ends = [*best[1:], (last, best[-1][1])] if best else []
    for (number, accuracy), (following, better) in zip(best, ends, strict=True):
        x, y = across.at(following), up.at(100 * accuracy)
        shapes.append(line((across.at(number), y), (x, y), "accent", 2))
        shapes.append(line((x, y), (x, up.at(100 * better)), "accent", 2))
    return shapes
