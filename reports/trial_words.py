"""What a trial reached, in words: never without its accuracy."""

from reports.measure_words import value_words
from reports.numbers import percent
from reports.trial_record import TrialRecord
from reports.trials import value_of
from search_spaces.measures import MEASURES, MeasureName


def reached_words(measure: MeasureName, trial: TrialRecord) -> str:
    """Write a trial's value, and its accuracy where that is not the measure."""
    value = value_words(measure, value_of(trial))
    return value if measure == "accuracy" else f"{value} (accuracy {percent(trial.accuracy)})"


def named_words(measure: MeasureName, trial: TrialRecord) -> str:
    """Write a trial's value after its measure's name, unless that is the accuracy."""
    words = reached_words(measure, trial)
    return words if measure == "accuracy" else f"{MEASURES[measure].title} {words}"
