"""Why a search ended before its total of trials, as its rule says, and the words for it."""

from dataclasses import dataclass
from typing import Literal

from reports.measure_words import amount_words
from reports.numbers import plural
from reports.value_types import Count, Measured
from search_spaces.measures import MeasureName

# The rule of a search that ends with its total alone.
NEVER = "never"


@dataclass(frozen=True)
class Stopped:
    """Which rule ended a search, and after how many of its trials, in the order of asking.

    `no-progress`: the best trial stands unbeaten since `trials` trials. `done`: the trials that are
    left would with 95 % confidence better the best by at most `gain`, and the test split tells no
    gain below `detectable`, both in the study's measure.
    """

    rule: Literal["no-progress", "done"]
    after: Count
    trials: Count = 0
    gain: Measured = 0.0
    detectable: Measured = 0.0


def stopped_words(stopped: Stopped, measure: MeasureName) -> str:
    """Return why the search ended, in words."""
    if stopped.rule == "no-progress":
        return f"no better trial for {plural(stopped.trials, 'trial')}"
    gain = amount_words(measure, stopped.gain)
    detectable = amount_words(measure, stopped.detectable).removesuffix(" points")
    return (
        f"more trials would bring at most {gain} (95 %), less than the {detectable} that the test "
        "split can tell"
    )
