"""Trials as flat rows: one home for the columns of every table of trials."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from reports.trial_record import TrialRecord

# Fields of a record by what they hold, as they come in a row. Folds, and what a study measures
# beside the accuracy, follow where there are such, and the config's parameters.
_EPOCHS = "epochs_trained"
COLUMNS: Mapping[str, type] = MappingProxyType(
    {
        "number": int,
        "state": str,
        "origin": str,
        "accuracy": float,
        "loss": float,
        "split": str,
        "n": int,
        "seed": int,
        "seconds": float,
        _EPOCHS: int,
        "parameter_count": int,
        "started": str,
        "ended": str,
        "worker": str,
        "retry_of": int,
        "lost": bool,
        "unpruned": bool,
        "weights_hash": str,
        "reason": str,
    }
)
_WHERE_THERE = ("folds", "value", "value_sd")


def trial_row(trial: TrialRecord) -> dict[str, Any]:
    """Return a trial as one flat dict: what it was, what it reached, and its whole config.

    `accuracy` is a fraction of `n` images of `split`, `seconds` is a duration, times are UTC. On
    several `folds`, epochs and hash are those of the first. Where the study's measure is another,
    `value` is the trial's, and `value_sd` an image's spread.
    """
    own = {name: getattr(trial, name) for name in COLUMNS if name != _EPOCHS}
    row = {**own, _EPOCHS: len(trial.curve)}
    others = {name: getattr(trial, name) for name in _WHERE_THERE}
    there = {name: value for name, value in others.items() if value is not None}
    return {**{name: row[name] for name in COLUMNS}, **there, **trial.config}
