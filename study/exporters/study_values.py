"""What is known of a study as a whole, as plain names and values for trackers."""

from reports.record import Comparison, StudyRecord
from reports.summary import render_summary
from reports.trial_record import EpochRecord, TrialRecord
from reports.trials import BASELINE, best_trial, trial_name
from search_spaces.measures import MeasureName


def study_settings(record: StudyRecord) -> dict[str, str | int]:
    """Return what the study was asked, by name."""
    data = record.data
    return {
        "space": record.space.name,
        "data": data.name,
        "train_n": data.train_n,
        "validation_n": data.validation_n,
        "test_n": data.test_n,
        "trials": record.trials_asked,
        "sampler": record.sampler,
        "pruner": record.pruner,
        "seed": record.seed,
        "jobs": record.jobs,
        **({} if record.measure == "accuracy" else {"measure": record.measure}),
        **({} if record.folds == 1 else {"folds": record.folds}),
    }


def epoch_measure(measure: MeasureName, epoch: EpochRecord) -> dict[str, float | None]:
    """Return the validation value of an epoch by its name, nothing where that is the accuracy."""
    return {} if measure == "accuracy" else {f"validation_{measure}": epoch.value}


def trial_measure(measure: MeasureName, trial: TrialRecord) -> dict[str, float | None]:
    """Return the value of a trial by its name, nothing where that is the accuracy."""
    return {} if measure == "accuracy" else {measure: trial.value}


def study_texts(record: StudyRecord) -> dict[str, str]:
    """Return what came out in words: the answer, its sentence, and who is meant."""
    texts: dict[str, str] = {}
    best = best_trial(record)
    if best is not None:
        texts["best_of_search"] = trial_name(best)
    own = _against_baseline(record)
    if record.confirmation is not None and own is not None:
        texts["winner"] = record.confirmation.winner
        texts["verdict"], texts["sentence"] = own.answer, own.sentence
    return texts


def study_numbers(record: StudyRecord) -> dict[str, float]:
    """Return what came out in numbers; accuracies and their difference are fractions.

    Names say the split: `..._validation_accuracy` is the search's best trial's, those of test are
    means over the seeds of the final.
    """
    numbers: dict[str, float] = {}
    best = best_trial(record)
    if best is not None and best.accuracy is not None:
        numbers["best_validation_accuracy"] = best.accuracy
        if best.value is not None:
            numbers[f"best_validation_{record.measure}"] = best.value
    if record.confirmation is None:
        return numbers
    found = {"winner": record.confirmation.winner, "baseline": BASELINE}
    for word, candidate in found.items():
        accuracies = _test_accuracies(record, candidate)
        if accuracies:
            numbers[f"{word}_test_accuracy"] = sum(accuracies) / len(accuracies)
    own = _against_baseline(record)
    if own is not None and own.difference is not None and own.interval is not None:
        numbers["difference"] = own.difference
        numbers["difference_low"] = own.interval.low
        numbers["difference_high"] = own.interval.high
    return numbers


def study_summary(record: StudyRecord) -> str:
    """Return the answer with its evidence as lines of Markdown, as `dense-study show` prints it."""
    lines = render_summary(record, 100).splitlines()
    return "\n".join(f"    {line}".rstrip() for line in lines)


def _against_baseline(record: StudyRecord) -> Comparison | None:
    found = record.confirmation.comparisons if record.confirmation else ()
    return next((one for one in found if one.against == "baseline"), None)


def _test_accuracies(record: StudyRecord, candidate: str) -> list[float]:
    return [
        one.accuracy
        for one in (record.confirmation.retrainings if record.confirmation else ())
        if (one.stage, one.candidate, one.split) == ("final", candidate, "test")
        if one.accuracy is not None
    ]
