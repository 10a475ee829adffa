"""Divide examples into folds, each held out in turn: for data too small for one split."""

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import fault
from study.data.values import TrainingData

# The fold of each example (n,), from 0; -1 where it is trained on in all of them.
FoldNumbers = NDArray[np.int32]


def fold_numbers(training: TrainingData, folds: int, seed: int) -> FoldNumbers:
    """Return the fold of each training example (n,), -1 for one that is in every training.

    Raises FaultError where a fold would have no example.
    """
    labels, groups = training.examples.labels, training.groups
    if groups is None:
        found, unit = _stratified(labels, folds, seed), "rows of classes with two rows or more"
    else:
        found, unit = _grouped(labels, groups, folds, seed), "groups that can be held out"
    used = len(np.unique(found[found >= 0]))
    if used < folds:
        what = f"the training rows cannot be divided into folds: too few {unit}"
        raise fault("--folds", what, str(folds), f"--folds {max(1, used)}")
    return found


def _stratified(labels: NDArray[np.int32], folds: int, seed: int) -> FoldNumbers:
    """Deal the examples out class by class, in an order of Philox keys as `stratified` has it.

    Folds differ by one example at most, in all and of each class. A class's only one is trained on.
    """
    _, codes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    keys = np.random.Philox(seed).random_raw(len(labels))
    order = np.lexsort((keys, codes))
    dealt = order[counts[codes[order]] > 1]
    found = np.full(len(labels), -1, np.int32)
    found[dealt] = np.arange(len(dealt)) % folds
    return found


def _grouped(
    labels: NDArray[np.int32], groups: NDArray[np.int32], folds: int, seed: int
) -> FoldNumbers:
    """Give whole groups to folds, the largest first, equals in an order of Philox keys.

    Each goes where the classes are then spread most evenly (the least sum over classes of squared
    shares), so that no fold takes all examples of a class; where none can, it is trained on.
    """
    _, classes = np.unique(labels, return_inverse=True)
    own, members = np.unique(groups, return_inverse=True)
    table = np.zeros((len(own), int(classes.max(initial=-1)) + 1), dtype=np.int64)
    np.add.at(table, (members, classes), 1)
    total = table.sum(axis=0)
    held = np.zeros((folds, len(total)), dtype=np.int64)
    found = np.full(len(own), -1, np.int32)
    keys = np.random.Philox(seed).random_raw(len(own))
    for group in np.lexsort((keys, -table.sum(axis=1))):
        more = held + table[group]
        growth = ((more / total) ** 2 - (held / total) ** 2).sum(axis=1)
        growth[(more >= total).any(axis=1)] = np.inf
        fold = int(np.argmin(growth))
        if np.isfinite(growth[fold]):
            held[fold], found[group] = more[fold], fold
    return found[members]
