"""The words of the verdict: what is claimed, of what, and on what evidence."""

import math

from reports.numbers import images, percent, plural, points
from reports.record import Answer, Interval
from reports.statistics.crossed import Spread
from reports.statistics.intervals import of_one_network
from search_spaces.published import n_words, runs_words
from search_spaces.space import PublishedAccuracy

NAMES = {
    "baseline": "the re-run baseline",
    "equal compute": "the baseline with the same epochs and width",
}
# An interval never looks as if it ended on the line that it keeps clear of.
_MOST_DECIMALS = 8


def claim(winner: str, name: str, difference: float, answer: Answer, margin: float) -> str:
    """Say what was found of two training recipes, each taken as the mean over its seeds."""
    size = f"{points(difference)} in the mean over seeds"
    by = f" by more than the margin of {100 * margin:.2f} points" if margin else ""
    if answer == "BEATS":
        return f"{winner} is more accurate than {name}{by} on test, {size}"
    if answer == "DOES NOT BEAT":
        less = f"not more accurate than {name}{by}" if margin else f"less accurate than {name}"
        return f"{winner} is {less} on test, {size}"
    chance = f"no more than the margin of {100 * margin:.2f} points" if margin else "chance"
    return f"{winner} is {points(difference)} from {name} on test, which may be {chance}"


def against_words(means: tuple[float, float], spread: Spread) -> str:
    """Say what both sides reached, on how many images and seeds."""
    both = f"{percent(means[0])} against {percent(means[1])}"
    return f"{both}, {images(spread.n, spread.groups)}, {plural(spread.seeds, 'seed')} each"


def published_words(published: PublishedAccuracy) -> str:
    """Say what a published accuracy rests on, with its exact binomial interval."""
    size = f"{runs_words(published)}, {n_words(published)}"
    if not published.n:
        return size
    own = of_one_network(published.accuracy, published.n)
    return f"{size}, its own 95 % interval {percent(own.low)} to {percent(own.high)}"


def interval_words(interval: Interval, margin: float, notes: tuple[str, ...]) -> str:
    """Say an interval with its level and what is to be known about it."""
    note = f", {' and '.join(notes)}" if notes else ""
    return f"{_percent_of_level(interval.level)} interval {interval_range(interval, margin)}{note}"


def interval_range(interval: Interval, margin: float) -> str:
    """Say from where to where, with as many decimals as tell an end from the margin."""
    decimals = 2
    while decimals < _MOST_DECIMALS and any(
        end != margin and round(100 * end, decimals) == round(100 * margin, decimals)
        for end in (interval.low, interval.high)
    ):
        decimals += 1
    return f"{_end(interval.low, decimals)} to {_end(interval.high, decimals)} points"


def undecided(interval: Interval, margin: float) -> str:
    """Say why an interval decides nothing."""
    line = f"the margin of {points(margin)}" if margin else "zero"
    return f"the interval {interval_range(interval, margin)} includes {line}"


def leak_words(leaked_n: int, nearly_leaked_n: int, n: int) -> str:
    """Say how many test images were there to be learned by heart."""
    if not leaked_n:
        return f"{nearly_leaked_n:,} of {n:,} test images are nearly training images"
    more = f", and {nearly_leaked_n:,} more nearly so" if nearly_leaked_n else ""
    return f"{leaked_n:,} of {n:,} test images are also training images{more}"


def _end(value: float, decimals: int) -> str:
    return f"{100 * value:+.{decimals}f}".replace("-", "−")


def _percent_of_level(level: float) -> str:
    """Show a level with as many decimals as keep it from being rounded to 100 %."""
    decimals = max(0, math.ceil(-math.log10(100 * (1 - level))))
    return f"{100 * level:.{decimals}f} %"
