"""Studies of the time when a trial's record was one attribute of it in the Optuna storage.

There Optuna numbered trials in the order in which they ended, and no file held them.
"""

from collections.abc import Mapping, Sequence
from itertools import count

from optuna.trial import FrozenTrial

from reports.json_values import from_json
from reports.trial_record import TrialRecord
from search_spaces.space import Space
from study.coordinator.asked_trials import AskedTrial
from study.coordinator.frozen_trials import ended_trial, unended_trial
from study.coordinator.storage import TrialStorage

_RECORD = "record"
# No attribute of this name that somebody else gave to a trial has all of these.
_KEYS = {"number", "state", "origin", "params", "config", "seed", "split", "n"}


def old_records(trials: Sequence[FrozenTrial]) -> tuple[TrialRecord, ...]:
    """Return the records that trials of a storage hold; raises FaultError for a damaged one."""
    return tuple(
        from_json(
            TrialRecord, trial.user_attrs[_RECORD], f"record of the storage's trial {trial.number}"
        )
        for trial in trials
        if _is_old(trial)
    )


def renumber(
    storage: TrialStorage,
    asked: Sequence[AskedTrial],
    recorded: Sequence[TrialRecord],
    space: Space,
) -> None:
    """Give the trials of an old storage their own numbers, and short attributes; all at once.

    Those not ended are added, and trials of others come after ours. Does nothing elsewhere; raises
    FaultError where the storage fails.
    """
    trials = storage.trials()
    ids = {t.user_attrs[_RECORD]["number"]: t._trial_id for t in trials if _is_old(t)}  # noqa: SLF001 the one id there is
    if not ids:
        return
    ended = {record.number: record for record in recorded}
    ours = [
        ended_trial(ended[trial.number], space, ids[trial.number])
        if trial.number in ids
        else unended_trial(trial, space)
        for trial in asked
    ]
    free = count(1 + max(trial.number for trial in asked))
    numbers = {trial_id: number for number, trial_id in ids.items()}
    others = (trial._trial_id for trial in trials if trial._trial_id not in numbers)  # noqa: SLF001
    storage.rewrite(numbers | dict(zip(others, free, strict=False)), ours)


def _is_old(trial: FrozenTrial) -> bool:
    record = trial.user_attrs.get(_RECORD)
    return isinstance(record, Mapping) and record.keys() >= _KEYS
