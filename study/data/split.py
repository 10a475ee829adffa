"""Take a validation split from training data."""

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import fault
from search_spaces.measures import MeasureName
from study.data.folds import fold_numbers
from study.data.row_values import Values, row_weights
from study.data.stratify import grouped, stratified
from study.data.values import Examples, SearchData, Split, TrainingData

VALIDATION_SHARE = 1 / 6
Rows = NDArray[np.intp]


def split_data(training: TrainingData, split: Split | None) -> SearchData:
    """Return what one training may see; without a split, all examples and no validation.

    Both parts keep the examples' order and hold every class of two examples or more; with groups,
    as nearly as whole groups allow. Raises FaultError for a share out of 0-1, or where nothing can
    be held out, or not in so many folds, or where nothing in a part counts.
    """
    examples = training.examples
    if split is None:
        return SearchData(training.about, examples, None)
    kept, held = split_rows(training, split)
    return SearchData(
        training.about,
        _part(examples, kept, "trained on"),
        _part(examples, held, "held out"),
    )


def held_weights(training: TrainingData, split: Split, measure: MeasureName) -> Values:
    """Return what each row held out counts in a measure (n,).

    Their mean is 1 over the rows of a split; of a fold, over those of all folds together, so that
    sums of folds add up to the measure of all their rows.
    """
    labels, own = training.examples.labels, training.examples.weights
    scored = _scored(training, split)
    weights = np.zeros(len(labels))
    weights[scored] = row_weights(measure, labels[scored], None if own is None else own[scored])
    return weights[split_rows(training, split)[1]]


def _scored(training: TrainingData, split: Split) -> NDArray[np.intp]:
    """Return the indices of what is held out, of all folds together."""
    if split.folds == 1:
        return split_rows(training, split)[1]
    return np.flatnonzero(fold_numbers(training, split.folds, split.seed) >= 0)


def split_rows(training: TrainingData, split: Split) -> tuple[Rows, Rows]:
    """Return the sorted indices of what a split leaves to train on, and of what it holds out.

    Raises FaultError as `split_data` does.
    """
    labels = training.examples.labels
    if split.folds > 1:
        folds = fold_numbers(training, split.folds, split.seed)
        return np.flatnonzero(folds != split.fold), np.flatnonzero(folds == split.fold)
    if training.groups is None:
        return stratified(labels, split.share, split.seed)
    return grouped(labels, training.groups, split.share, split.seed)


def _part(examples: Examples, rows: NDArray[np.intp], where: str) -> Examples:
    weights = None if examples.weights is None else examples.weights[rows]
    if weights is not None and not weights.any():
        what = f"all rows that are {where} have weight 0"
        raise fault("split", what, f"{len(rows):,} rows", "a row that counts")
    return Examples(examples.inputs[rows], examples.labels[rows], weights=weights)
