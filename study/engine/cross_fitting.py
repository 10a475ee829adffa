"""The score of a training that chose its epoch: on images that had no part in the choice."""

import numpy as np
from numpy.typing import NDArray

from study.engine.fixed import FOLDS

_NO_VALUES = np.zeros(FOLDS)


def folds_of(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the fold (0..FOLDS-1) of each example (n,), every class spread over all of them."""
    folds = np.empty(len(labels), np.int32)
    folds[np.argsort(labels, kind="stable")] = np.arange(len(labels)) % FOLDS
    return folds


class CrossFitted:
    """Follow, for each fold, the epoch that the other folds choose by their loss.

    Early stopping keeps the epoch of the lowest validation loss. Scored on the very images that
    chose it, it looks better than it is: the more so, the fewer they are. So each fold is scored
    at the epoch that all the others choose. Source of cross-fitting: Stone 1974.
    """

    def __init__(self) -> None:
        self._lowest = np.full(FOLDS, np.inf)
        self._losses = np.zeros(FOLDS)
        self._right = np.zeros(FOLDS)
        self._values = self._squares = np.zeros(FOLDS)

    def add(
        self,
        losses: NDArray[np.float64],
        right: NDArray[np.float64],
        values: NDArray[np.float64] = _NO_VALUES,
        squares: NDArray[np.float64] = _NO_VALUES,
    ) -> None:
        """Take in an epoch: summed loss and right answers of each fold (folds,).

        `values` and `squares` are the sums of the rows' values of a measure, and of their squares.
        """
        others = losses.sum() - losses
        better = others < self._lowest
        self._lowest = np.where(better, others, self._lowest)
        self._losses = np.where(better, losses, self._losses)
        self._right = np.where(better, right, self._right)
        self._values = np.where(better, values, self._values)
        self._squares = np.where(better, squares, self._squares)

    @property
    def loss(self) -> float:
        """Return the loss summed over all folds."""
        return float(self._losses.sum())

    @property
    def right(self) -> int:
        """Return the right answers of all folds."""
        return int(self._right.sum())

    @property
    def value(self) -> float:
        """Return the measure's values summed over all folds."""
        return float(self._values.sum())

    @property
    def squares(self) -> float:
        """Return the squares of the measure's values summed over all folds."""
        return float(self._squares.sum())
