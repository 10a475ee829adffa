"""A measure's values as people read them: each with its unit, in the measure's own direction."""

from reports.numbers import percent, points
from reports.tables import Kind
from search_spaces.measures import MEASURES, MeasureName

_DECIMALS = 4
# An interval never looks as if it ended on the line that it keeps clear of.
_MOST_DECIMALS = 8


def value_words(measure: MeasureName, value: float | None, digits: int = 2) -> str:
    """Write a measure's value with its unit: 97.22 %, 0.1234 nats, 0.0456.

    `digits` are those of per cent.
    """
    if value is None or MEASURES[measure].unit == "fraction":
        return percent(value, digits)
    return f"{value:.{_DECIMALS}f}{_unit(measure)}"


def difference_words(measure: MeasureName, gain: float | None) -> str:
    """Write a difference with its sign and unit: +0.42 points, −0.0123 nats.

    `gain` is a difference of scores, of which more is better; it is written as the difference of
    the measure's own values, so that a lower log loss is a negative one.
    """
    if gain is None or MEASURES[measure].unit == "fraction":
        return points(gain)
    own = MEASURES[measure].oriented(gain) + 0.0  # no difference has no sign of its own
    return f"{own:+.{_DECIMALS}f}{_unit(measure)}".replace("-", "−")


def amount_words(measure: MeasureName, amount: float) -> str:
    """Write how large a difference is, without a sign: 0.42 points, 0.0123 nats."""
    if MEASURES[measure].unit == "fraction":
        return f"{100 * amount:.2f} points"
    return f"{amount:.{_DECIMALS}f}{_unit(measure)}"


def lead_words(measure: MeasureName, gain: float) -> str:
    """Write by how much something is ahead: +0.42 points, 0.0123 nats."""
    return points(gain) if MEASURES[measure].unit == "fraction" else amount_words(measure, gain)


def ends_words(measure: MeasureName, low: float, high: float, line: float) -> str:
    """Write a difference's interval, with as many decimals as tell an end from a `line`.

    All three are differences of the measure's own values.
    """
    of_fractions = MEASURES[measure].unit == "fraction"
    times, unit = (100, " points") if of_fractions else (1, _unit(measure))
    decimals, most = (2, _MOST_DECIMALS) if of_fractions else (_DECIMALS, _MOST_DECIMALS + 2)
    while decimals < most and any(
        end != line and round(times * end, decimals) == round(times * line, decimals)
        for end in (low, high)
    ):
        decimals += 1
    ends = " to ".join(f"{times * end:+.{decimals}f}" for end in (low, high))
    return f"{ends}{unit}".replace("-", "−")


def drawn_differences(measure: MeasureName, split: str) -> tuple[float, str]:
    """Return how many times a difference is drawn, and what its axis shows.

    Points of test accuracy, or: test log loss in nats, lower is better.
    """
    own = MEASURES[measure]
    if own.unit == "fraction":
        return 100.0, f"points of {split} {own.title}"
    unit = " in nats" if own.unit == "nats" else ""
    return 1.0, f"{split} {own.title}{unit}, lower is better"


def split_title(measure: MeasureName, split: str, rows: str) -> str:
    """Name what an axis or a column shows: validation log loss (nats, lower is better, n = 360).

    `rows` says which rows of the split: n = 360.
    """
    own = MEASURES[measure]
    unit = [own.unit] if own.unit == "nats" else []
    direction = ["lower is better"] if own.direction == "minimize" else []
    return f"{split} {own.title} ({', '.join([*unit, *direction, rows])})"


def column_kind(measure: MeasureName) -> Kind:
    """Return how the cells of a table write a measure's values."""
    return "accuracy" if MEASURES[measure].unit == "fraction" else "number"


def a_value(measure: MeasureName) -> str:
    """Name one value of a measure: an accuracy, a log loss."""
    title = MEASURES[measure].title
    return f"{'an' if title[0] in 'aeiou' else 'a'} {title}"


def values_word(measure: MeasureName) -> str:
    """Name several values of a measure: accuracies, log losses."""
    title = MEASURES[measure].title
    if title.endswith("y"):
        return f"{title[:-1]}ies"
    return f"{title}es" if title.endswith("s") else f"{title}s"


def best_word(measure: MeasureName) -> str:
    """Return what the best of several values is: highest or lowest."""
    return "highest" if MEASURES[measure].direction == "maximize" else "lowest"


def _unit(measure: MeasureName) -> str:
    return " nats" if MEASURES[measure].unit == "nats" else ""
