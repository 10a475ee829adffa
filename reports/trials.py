"""Which trials of a record are meant: counted, scored, best, baseline."""

import math
from collections.abc import Iterable

from reports.record import Retraining, StudyRecord
from reports.trial_record import EpochRecord, TrialRecord
from search_spaces.measures import MEASURES, MeasureName

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


def ranked(trials: Iterable[TrialRecord], measure: MeasureName) -> tuple[TrialRecord, ...]:
    """Return the complete trials by a study's measure, best first, the earliest of equals first.

    Whoever chooses among trials chooses by this.
    """
    complete = [t for t in trials if t.state == "complete" and t.accuracy is not None]
    return tuple(sorted(complete, key=lambda t: (-score_of(measure, t), t.number)))


def best_trial(record: StudyRecord) -> TrialRecord | None:
    """Return the best complete trial."""
    return next(iter(ranked(record.trials, record.measure)), None)


def baseline_trial(record: StudyRecord) -> TrialRecord | None:
    """Return the first complete trial of the baseline's own params."""
    return next((t for t in scored(record) if t.origin == "baseline"), None)


def reached(one: TrialRecord | Retraining) -> float | None:
    """Return what a training reached at its end in its study's measure; None without an end."""
    return one.accuracy if one.value is None else one.value


def epoch_value(epoch: EpochRecord) -> float | None:
    """Return what an epoch reached on validation rows in its study's measure."""
    return epoch.validation_accuracy if epoch.value is None else epoch.value


def value_of(trial: TrialRecord) -> float:
    """Return a trial's value in its study's measure, else its curve's last; nan without any.

    It is the measure's own: whatever ranks or compares takes `score_of`.
    """
    own = reached(trial)
    if own is not None:
        return own
    values = _values(trial)
    return values[-1] if values else math.nan


def score_of(measure: MeasureName, trial: TrialRecord) -> float:
    """Return a trial's value in its study's measure, turned so that more is better.

    It is minus infinity for a trial without any value.
    """
    value = value_of(trial)
    return -math.inf if math.isnan(value) else MEASURES[measure].oriented(value)


def best_score(measure: MeasureName, trial: TrialRecord) -> float:
    """Return the score of a trial that ended, more being better; its best one where it was pruned.

    It is minus infinity where the trial failed, or where no epoch has a value.
    """
    if trial.state == "failed":
        return -math.inf
    if trial.state == "complete":
        return score_of(measure, trial)
    return max(map(MEASURES[measure].oriented, _values(trial)), default=-math.inf)


def _values(trial: TrialRecord) -> list[float]:
    """Return what the epochs of a trial reached in its study's measure, where they were scored."""
    return [value for epoch in trial.curve if (value := epoch_value(epoch)) is not None]


def accuracy_of(trial: TrialRecord) -> float:
    """Return a trial's accuracy, whatever its study's measure, else its curve's last; else nan."""
    if trial.accuracy is not None:
        return trial.accuracy
    last = [e.validation_accuracy for e in trial.curve if e.validation_accuracy is not None]
    return last[-1] if last else math.nan


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


def best_so_far(
    trials: Iterable[TrialRecord], measure: MeasureName
) -> tuple[tuple[int, float], ...]:
    """Return each trial number at which a complete trial was the best so far, with its value."""
    best: list[tuple[int, float]] = []
    highest = -math.inf
    for trial in trials:
        score = score_of(measure, trial)
        if trial.state == "complete" and score > highest:
            highest = score
            best.append((trial.number, value_of(trial)))
    return tuple(best)
