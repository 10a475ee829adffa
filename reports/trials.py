"""Which trials of a record are meant: counted, scored, best, baseline."""

from collections.abc import Iterable

from reports.record import Retraining, StudyRecord
from reports.trial_record import TrialRecord

# What the baseline is called as a candidate.
BASELINE = "baseline"


def counted(record: StudyRecord) -> tuple[TrialRecord, ...]:
    """Return the trials that count: attempts that were lost with their worker do not."""
    return tuple(trial for trial in record.trials if not trial.lost)


def has_ended(trial: TrialRecord) -> bool:
    """Tell whether a trial is neither running nor waiting to be run again."""
    return trial.state not in {"running", "interrupted"}


def begun(record: StudyRecord) -> tuple[TrialRecord, ...]:
    """Return the trials that count and are running or have ended."""
    return tuple(trial for trial in counted(record) if trial.state != "interrupted")


def scored(record: StudyRecord) -> tuple[TrialRecord, ...]:
    """Return the complete trials that have an accuracy, by number."""
    return tuple(t for t in record.trials if t.state == "complete" and t.accuracy is not None)


def reached(trial: TrialRecord) -> float:
    """Return what a trial that ended reached: the best of its epochs where it was pruned.

    One that failed reached nothing.
    """
    if trial.state == "failed":
        return 0.0
    if trial.state == "complete":
        return trial.accuracy or 0.0
    return max((row.validation_accuracy or 0.0 for row in trial.curve), default=0.0)


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
    """Return a trial's accuracy, else the last one of its curve; -1 without any."""
    if trial.accuracy is not None:
        return trial.accuracy
    last = [e.validation_accuracy for e in trial.curve if e.validation_accuracy is not None]
    return last[-1] if last else -1.0


def epochs_of(trial: TrialRecord) -> int:
    """Return the epochs a trial trained."""
    return len(trial.curve)


def trial_name(trial: TrialRecord) -> str:
    """Return what a trial is called as a candidate: "baseline" or "trial 17"."""
    return BASELINE if trial.origin == "baseline" else f"trial {trial.number}"


def trial_called(name: str, record: StudyRecord) -> TrialRecord | None:
    """Return the counted trial that a candidate's name means, None where it means none."""
    return next((trial for trial in counted(record) if trial_name(trial) == name), None)


def confirmed_finals(record: StudyRecord) -> tuple[Retraining, ...]:
    """Return the winner's retrainings that were tested on the test split, in order of seeds."""
    if record.confirmation is None:
        return ()
    return tuple(
        one
        for one in record.confirmation.retrainings
        if one.stage == "final"
        and one.candidate == record.confirmation.winner
        and one.split == "test"
        and one.accuracy is not None
    )


def winner_word(record: StudyRecord) -> str:
    """Return what `winner_trial` is called beside other trials."""
    return "best" if record.confirmation is None else "winner"


def winner_trial(record: StudyRecord) -> TrialRecord | None:
    """Return the confirmed winner's trial, without a confirmation the best trial."""
    if record.confirmation is not None:
        winner = trial_called(record.confirmation.winner, record)
        if winner is not None:
            return winner
    return best_trial(record)


def best_so_far(trials: list[TrialRecord]) -> tuple[tuple[int, float], ...]:
    """Return each trial number at which a new best complete accuracy was reached, with it."""
    best: list[tuple[int, float]] = []
    for trial in trials:
        if trial.state == "complete" and (not best or accuracy_of(trial) > best[-1][1]):
            best.append((trial.number, accuracy_of(trial)))
    return tuple(best)
