"""The words of the verdict: what is claimed, of what, and on what evidence."""

import math

from reports.measure_words import amount_words, difference_words, ends_words, value_words
from reports.numbers import InputsWord, percent, plural, size_words
from reports.record import Answer, Interval
from reports.statistics.crossed import Spread
from reports.statistics.intervals import of_one_network
from reports.turned import turned
from search_spaces.measures import MEASURES, MeasureName
from search_spaces.published import n_words, runs_words
from search_spaces.space import PublishedNumber

NAMES = {
    "baseline": "the re-run baseline",
    "equal compute": "the baseline with the same epochs and width",
}


def claim(
    winner: str, name: str, gain: float, answer: Answer, margin: float, measure: MeasureName
) -> str:
    """Say what was found of two training recipes, each taken as the mean over its seeds.

    `gain` is a difference of scores, of which more is better.
    """
    size = f"{difference_words(measure, gain)} in the mean over seeds"
    by = f" by more than the margin of {amount_words(measure, margin)}" if margin else ""
    better, no_better, worse = _comparatives(measure)
    if answer == "BEATS":
        return f"{winner} {better} {name}{by} on test, {size}"
    if answer == "DOES NOT BEAT":
        less = f"{no_better} {name}{by}" if margin else f"{worse} {name}"
        return f"{winner} {less} on test, {size}"
    chance = f"no more than the margin of {amount_words(measure, margin)}" if margin else "chance"
    of = "" if measure == "accuracy" else f" in {MEASURES[measure].title}"
    gap = difference_words(measure, gain)
    return f"{winner} is {gap} from {name}{of} on test, which may be {chance}"


def better_words(winner: str, name: str, measure: MeasureName) -> str:
    """Say that the winner is the better of the two."""
    return f"{winner} {_comparatives(measure)[0]} {name}"


def _comparatives(measure: MeasureName) -> tuple[str, str, str]:
    """Return what stands between two names: better, not better, worse."""
    if measure == "accuracy":
        return "is more accurate than", "is not more accurate than", "is less accurate than"
    own = MEASURES[measure]
    up, down = f"a higher {own.title}", f"a lower {own.title}"
    better, worse = (up, down) if own.direction == "maximize" else (down, up)
    return f"has {better} than", f"has not {better} than", f"has {worse} than"


def against_words(
    values: tuple[float, float], spread: Spread, measure: MeasureName, inputs: InputsWord = "images"
) -> str:
    """Say what both sides reached, on how many inputs and seeds."""
    both = " against ".join(value_words(measure, one) for one in values)
    of = "" if measure == "accuracy" else f"{MEASURES[measure].title} "
    size = size_words(spread.n, spread.groups, inputs, spread.weighted_n)
    return f"{of}{both}, {size}, {plural(spread.seeds, 'seed')} each"


def accuracies_words(accuracies: tuple[float, ...]) -> str:
    """Say the accuracies that stand beside another measure."""
    return f"accuracy {' against '.join(percent(one) for one in accuracies)}"


def published_words(published: PublishedNumber) -> str:
    """Say what a published number rests on, an accuracy with its exact binomial interval."""
    size = f"{runs_words(published)}, {n_words(published)}"
    if not published.n or published.accuracy is None:
        return size
    own = of_one_network(published.accuracy, published.n)
    return f"{size}, its own 95 % interval {percent(own.low)} to {percent(own.high)}"


def interval_words(
    interval: Interval, margin: float, notes: tuple[str, ...], measure: MeasureName
) -> str:
    """Say an interval with its level and what is to be known about it."""
    note = f", {' and '.join(notes)}" if notes else ""
    ends = interval_range(interval, margin, measure)
    return f"{level_words(interval.level)} interval {ends}{note}"


def interval_range(interval: Interval, margin: float, measure: MeasureName) -> str:
    """Say from where to where, with as many decimals as tell an end from the margin.

    `interval` is of a difference of scores; it is said as one of the measure's own values.
    """
    own = turned(interval, measure)
    return ends_words(measure, own.low, own.high, MEASURES[measure].oriented(margin))


def undecided(interval: Interval, margin: float, measure: MeasureName) -> str:
    """Say why an interval decides nothing."""
    line = f"the margin of {difference_words(measure, margin)}" if margin else "zero"
    return f"the interval {interval_range(interval, margin, measure)} includes {line}"


def leak_words(leaked_n: int, nearly_leaked_n: int, n: int, inputs: InputsWord = "images") -> str:
    """Say how many test inputs were there to be learned by heart."""
    if not leaked_n:
        return f"{nearly_leaked_n:,} of {n:,} test {inputs} are nearly training {inputs}"
    more = f", and {nearly_leaked_n:,} more nearly so" if nearly_leaked_n else ""
    return f"{leaked_n:,} of {n:,} test {inputs} are also training {inputs}{more}"


def level_words(level: float) -> str:
    """Show a level with as many decimals as keep it from being rounded to 100 %."""
    decimals = max(0, math.ceil(-math.log10(100 * (1 - level))))
    return f"{100 * level:.{decimals}f} %"
