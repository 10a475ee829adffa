"""What it would take to settle a question that is still open."""

from reports.measure_words import amount_words, difference_words
from reports.numbers import InputsWord, count, plural
from reports.record import Interval
from reports.statistics.crossed import Spread
from reports.statistics.power import (
    POWER,
    detectable,
    images_to_detect,
    seeds_to_detect,
    times_to_detect,
)
from search_spaces.measures import MEASURES, MeasureName

# Beyond so many times what was spent, a forecast helps nobody.
_FAR = 10


def what_settles(
    spread: Spread,
    margin: float,
    level: float,
    interval: Interval,
    measure: MeasureName = "accuracy",
    inputs: InputsWord = "images",
) -> str:
    """Say how many more seeds or inputs would settle the difference seen, with power 0.8.

    `spread` and `interval` are of scores, of which more is better. `level` is that of
    the answer which they would give. Where it takes more than ten times as many, say what
    `interval`, that of the answer given, excludes already.
    """
    gap = abs(spread.mean - margin)
    gap_seen = difference_words(measure, spread.mean)
    seen = f"with probability {POWER}, if the true difference is the {gap_seen} seen"
    seeds = seeds_to_detect(spread, gap, level)
    if seeds is not None and seeds <= spread.seeds:
        # A difference this size is usually detected with these seeds; this time it was not.
        return f"{plural(spread.seeds, 'more seed')} each, {seen}"
    if seeds is not None and seeds <= _FAR * spread.seeds:
        more = plural(seeds - spread.seeds, "more seed")
        return f"about {more} each ({seeds} in all), {seen}"
    images = images_to_detect(spread, gap, level)
    if images is not None and images <= _FAR * spread.n:
        grouped = " in such groups" if spread.groups else ""
        seeds_alone = "no number of seeds" if seeds is None else f"more than {_FAR} times the seeds"
        return (
            f"{seeds_alone} on these {count(spread.n)} test {inputs}; "
            f"about {count(_rounded(images))} test {inputs}{grouped} would, {seen}"
        )
    times = times_to_detect(spread, gap, level)
    if times is not None and times <= _FAR:
        many = f"{times} times"
        return f"about {many} the seeds and also {many} the test {inputs}, {seen}"
    smallest = amount_words(measure, detectable(spread, level))
    below, above = (difference_words(measure, end) for end in _own_ends(interval, measure))
    return (
        f"more than {_FAR} times the seeds and test {inputs}, {seen}; excluded already is a true "
        f"difference below {below} or above {above}, and this "
        f"design tells differences of {smallest} from the margin"
    )


def _own_ends(interval: Interval, measure: MeasureName) -> tuple[float, float]:
    """Return the ends so that the measure's own value of the first is the lower one."""
    if MEASURES[measure].direction == "maximize":
        return interval.low, interval.high
    return interval.high, interval.low


def _rounded(number: int) -> int:
    """Round up to two significant digits: the forecast is no more exact."""
    unit = int(10 ** max(0, len(str(number)) - 2))
    return -(-number // unit) * unit
