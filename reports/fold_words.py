"""On which rows trials were scored, in words: one validation split, or several folds."""

from reports.measure_words import split_title
from reports.numbers import in_groups
from reports.record import StudyRecord
from reports.trial_record import TrialRecord
from search_spaces.measures import MeasureName


def rows_words(n: int, folds: int | None) -> str:
    """Name the rows that scored a training: n = 240, or 5 folds, n = 1,437."""
    return f"{folds} folds, n = {n:,}" if folds and folds > 1 else f"n = {n:,}"


def rows_of(trial: TrialRecord) -> str:
    """Name the rows that scored a trial."""
    return rows_words(trial.n, trial.folds)


def splits_and_sizes(record: StudyRecord) -> tuple[str, str]:
    """Return what the splits of a study's data are called, and their sizes in this order."""
    data = record.data
    if record.folds > 1:
        rows = f"{sum(data.class_counts):,} in {record.folds} folds, {data.test_n:,}"
        return "training, test", f"{rows} {data.inputs}"
    rows = f"{data.train_n:,}, {data.validation_n:,}, {data.test_n:,}"
    return "training, validation, test", f"{rows} {data.inputs}"


def sizes_words(record: StudyRecord) -> str:
    """Name the sizes of a study's splits: 1,197 training, 240 validation, 360 test images."""
    data = record.data
    test = f"{data.test_n:,} test {data.inputs}{in_groups(data.test_groups)}"
    if record.folds > 1:
        return f"{sum(data.class_counts):,} training in {record.folds} folds, {test}"
    return f"{data.train_n:,} training, {data.validation_n:,} validation, {test}"


def trials_title(record: StudyRecord, measure: MeasureName) -> str:
    """Say what an axis or a column of trials shows: the measure with its split, unit and rows."""
    return split_title(measure, "validation", rows_words(record.data.validation_n, record.folds))


def curves_title(record: StudyRecord) -> str:
    """Say the same of learning curves, which are the first fold's where there are several."""
    data = record.data
    if record.folds == 1:
        return trials_title(record, record.measure)
    n = sum(data.class_counts) - data.train_n
    return split_title(record.measure, "validation", f"first of {record.folds} folds, n = {n:,}")


def curves_note(record: StudyRecord) -> str:
    """Say whose curves are shown where trials are trained on several folds; "" elsewhere."""
    if record.folds == 1:
        return ""
    return (
        f"A trial has one curve, that of the first of its {record.folds} folds; what it reached is "
        "over all of them. A pruned trial was trained on the first alone."
    )
