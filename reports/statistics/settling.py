"""What it would take to settle a question that is still open."""

from reports.numbers import count, plural, points
from reports.statistics.crossed import Spread
from reports.statistics.power import (
    detectable,
    images_to_detect,
    seeds_to_detect,
    times_to_detect,
)


def what_settles(spread: Spread, margin: float, level: float) -> str:
    """Say how many more seeds or images would settle the difference seen, with power 0.8."""
    gap = abs(spread.mean - margin)
    seen = f"if the true difference is the {points(spread.mean)} seen"
    seeds = seeds_to_detect(spread, gap, level)
    if seeds is not None and seeds > spread.seeds:
        more = plural(seeds - spread.seeds, "more seed")
        return f"about {more} each ({seeds} in all), {seen}"
    if seeds is not None:
        # A difference this size is usually detected with these seeds; this time it was not.
        return f"{plural(spread.seeds, 'more seed')} each, {seen}"
    images = images_to_detect(spread, gap, level)
    if images is not None and images > spread.n:
        return (
            f"no number of seeds on these {count(spread.n)} test images; "
            f"about {count(_rounded(images))} test images would, {seen}"
        )
    times = times_to_detect(spread, gap, level)
    if times is not None:
        many = f"{count(times)} times"
        return f"about {many} the seeds and also {many} the test images, {seen}"
    smallest = 100 * detectable(spread, level)
    return (
        f"not even 1,000 times the seeds and test images, {seen}; "
        f"this design tells differences of {smallest:.2f} points from the margin"
    )


def _rounded(number: int) -> int:
    """Round up to two significant digits: the forecast is no more exact."""
    unit = int(10 ** max(0, len(str(number)) - 2))
    return -(-number // unit) * unit
