"""Why a search ended before its total of trials, as its rule says, and the words for it."""

from dataclasses import dataclass
from typing import Literal

from reports.numbers import plural
from reports.value_types import Count, Fraction

# The rule of a search that ends with its total alone.
NEVER = "never"


@dataclass(frozen=True)
class Stopped:
    """Which rule ended a search, and after how many of its trials, in the order of asking.

    `no-progress`: the best trial stands unbeaten since `trials` trials. `done`: the trials that are
    left would with 95 % confidence raise the best by at most `gain`, and the test split tells no
    gain below `detectable` (fractions).
    """

    rule: Literal["no-progress", "done"]
    after: Count
    trials: Count = 0
    gain: Fraction = 0.0
    detectable: Fraction = 0.0


def stopped_words(stopped: Stopped) -> str:
    """Return why the search ended, in words."""
    if stopped.rule == "no-progress":
        return f"no better trial for {plural(stopped.trials, 'trial')}"
    return (
        f"more trials would bring at most {100 * stopped.gain:.2f} points (95 %), less than the "
        f"{100 * stopped.detectable:.2f} that the test images can tell"
    )
