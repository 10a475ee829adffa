"""What a study planned out of its budget of time, and the words for it."""

from dataclasses import dataclass

from reports.numbers import duration, plural
from reports.value_types import Count, Seconds


@dataclass(frozen=True)
class Planned:
    """What was decided of a budget, in seconds of running time since the study began.

    `spent` is the time used so far, pauses between runs left out. The search goes on until
    `search_until`, with about `trials` trials in all; it is over where `is_searched`. `top`
    candidates then race over `rounds`, and `seeds` of each meet in the final; 0 where nothing is
    planned, or there is no time. `most_seeds` is the most that the final may take.
    """

    most_seeds: Count = 0
    spent: Seconds = 0.0
    search_until: Seconds = 0.0
    trials: Count = 0
    is_searched: bool = False
    top: Count = 0
    rounds: Count = 0
    looks: bool = False
    seeds: Count = 0


def planned_words(planned: Planned) -> str:
    """Say what was planned, in words."""
    if not planned.search_until:
        return "it is planned when the baseline has been trained"
    until = duration(planned.search_until)
    about = "" if planned.is_searched else "about "
    words = f"search until {until}, {about}{plural(planned.trials, 'trial')}"
    if not planned.top:
        return f"{words}, no confirmation"
    race = f"a race of {plural(planned.rounds, 'round')} x {planned.top + 1} retrainings"
    if planned.looks:
        return f"{words}; then {race} and a final with planned looks"
    if not planned.seeds:
        return f"{words}; then {race}, and no time for a final"
    return f"{words}; then {race} and a final of {plural(planned.seeds, 'seed')} each"


def budget_words(seconds: float, planned: Planned) -> str:
    """Say what a study planned out of its budget, and what it has used; "" where it has none."""
    if not seconds:
        return ""
    used = f"; {duration(planned.spent)} used" if planned.spent else ""
    return f"Budget {duration(seconds)}: {planned_words(planned)}{used}."
