"""Which trials of a record are meant: counted, scored, best, baseline."""

from collections.abc import Iterable

from reports.record import StudyRecord
from reports.trial_record import TrialRecord


def counted(record: StudyRecord) -> tuple[TrialRecord, ...]:
    """Return the trials that count: attempts that went down with their worker do not."""
    return tuple(trial for trial in record.trials if not trial.lost)


def scored(record: StudyRecord) -> tuple[TrialRecord, ...]:
    """Return the complete trials that have an accuracy, by number."""
    return tuple(t for t in record.trials if t.state == "complete" and t.accuracy is not None)


def ranked(trials: Iterable[TrialRecord]) -> tuple[TrialRecord, ...]:
    """Return the complete trials by validation accuracy, best first, the earliest of equals first.

    Whoever chooses among trials chooses by this.
    """
    complete = [t for t in trials if t.state == "complete" and t.accuracy is not None]
    return tuple(sorted(complete, key=lambda t: (-accuracy_of(t), t.number)))


def best_trial(record: StudyRecord) -> TrialRecord | None:
    """Return the best complete trial."""
    return next(iter(ranked(record.trials)), None)


def baseline_trial(record: StudyRecord) -> TrialRecord | None:
    """Return the first complete trial of the baseline's own params."""
    return next((t for t in scored(record) if t.origin == "baseline"), None)


def accuracy_of(trial: TrialRecord) -> float:
    """Return a trial's accuracy, or the last of its curve where it did not end; -1 without any."""
    if trial.accuracy is not None:
        return trial.accuracy
    last = [e.validation_accuracy for e in trial.curve if e.validation_accuracy is not None]
    return last[-1] if last else -1.0


def epochs_of(trial: TrialRecord) -> int:
    """Return the epochs a trial trained."""
    return len(trial.curve)


def trial_name(trial: TrialRecord) -> str:
    """Name a trial as confirmation does."""
    return "baseline" if trial.origin == "baseline" else f"trial {trial.number}"


def winner_trial(record: StudyRecord) -> TrialRecord | None:
    """Return the confirmed winner's trial, without a confirmation the best trial."""
    if record.confirmation is not None:
        name = record.confirmation.winner
        found = [trial for trial in counted(record) if trial_name(trial) == name]
        if found:
            return found[0]
    return best_trial(record)
