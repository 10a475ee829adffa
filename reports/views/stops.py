"""What was stopped and why, what it saved, and what that may have cost."""

import math
from dataclasses import dataclass

from reports.record import StudyRecord
from reports.trial_record import TrialRecord
from reports.trials import best_trial, counted, ranked, value_of


@dataclass(frozen=True)
class Stop:
    """One pruned or failed trial: its reason, epochs trained and planned, last value."""

    number: int
    state: str
    reason: str
    epochs: int
    planned: int | None
    value: float | None
    retried_by: int | None


@dataclass(frozen=True)
class Stops:
    """Stopped trials, and the account of pruning.

    `saved_seconds` is an estimate: epochs not trained, at each trial's own seconds an epoch.
    `audited` are the trials that the pruner would have stopped and that ran to their end;
    `audited_best` how many of them became the study's best.
    """

    stops: tuple[Stop, ...]
    pruned: int
    failed: int
    lost: int
    trained_epochs: int
    saved_epochs: int
    saved_seconds: float
    audited: int
    audited_best: int
    audited_best_value: float | None


def stops_view(record: StudyRecord) -> Stops:
    """Return the account of what was stopped."""
    retries = {t.retry_of: t.number for t in record.trials if t.retry_of is not None}
    ended = [t for t in record.trials if t.state in {"pruned", "failed"}]
    pruned = [t for t in ended if t.state == "pruned"]
    saved = [_saved(t) for t in pruned]
    audited = [t for t in counted(record) if t.unpruned and t.accuracy is not None]
    best = best_trial(record)
    return Stops(
        stops=tuple(_stop(t, retries.get(t.number)) for t in ended),
        pruned=len(pruned),
        failed=sum(t.state == "failed" and not t.lost for t in ended),
        lost=sum(t.lost for t in ended),
        trained_epochs=sum(_trained(t) for t in record.trials),
        saved_epochs=sum(epochs for epochs, _ in saved),
        saved_seconds=sum(seconds for _, seconds in saved),
        audited=len(audited),
        audited_best=sum(best is not None and t.number == best.number for t in audited),
        audited_best_value=next(map(value_of, ranked(audited, record.measure)), None),
    )


def _stop(trial: TrialRecord, retried_by: int | None) -> Stop:
    value = value_of(trial)
    return Stop(
        trial.number,
        "lost" if trial.lost else trial.state,
        trial.reason or "no reason was recorded",
        len(trial.curve),
        _planned(trial),
        None if math.isnan(value) else value,
        retried_by,
    )


def _trained(trial: TrialRecord) -> int:
    """Return the epochs that a trial was trained in all: a complete one on each of its folds."""
    return len(trial.curve) * ((trial.folds or 1) if trial.state == "complete" else 1)


def _planned(trial: TrialRecord) -> int | None:
    planned = trial.config.get("epochs")
    return planned if isinstance(planned, int) else None


def _saved(trial: TrialRecord) -> tuple[int, float]:
    planned = _planned(trial)
    if planned is None or not trial.curve:
        return 0, 0.0
    epochs = max(0, planned * (trial.folds or 1) - len(trial.curve))
    seconds = sum(e.seconds for e in trial.curve) / len(trial.curve)
    return epochs, epochs * seconds
