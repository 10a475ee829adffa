"""Learning curves on one scale: the share of the planned epochs, so that like meets like."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reports.trial_record import EpochRecord

# A curve has a value at point 0, 1, ... POINTS; point p stands for p / POINTS of the epochs.
POINTS = 100


def point_of(epoch: int, epochs: int) -> int:
    """Return the point at which a trial of `epochs` planned epochs is after `epoch` of them."""
    return min(POINTS, round(POINTS * epoch / epochs))


def best_so_far(curve: Sequence[EpochRecord]) -> float:
    """Return the highest validation accuracy of a curve's epochs (fraction)."""
    return max((row.validation_accuracy or 0.0 for row in curve), default=0.0)


def resample(curve: Sequence[EpochRecord], epochs: int, ended: bool) -> NDArray[np.float64]:
    """Return the best accuracy so far at each point, linear between epochs: (POINTS + 1,).

    Not a number before the first epoch and after the last. A trial that `ended` by itself before
    its planned epochs (early stopping) keeps its last value.
    """
    shares = [row.epoch / epochs for row in curve if row.validation_accuracy is not None]
    values = [row.validation_accuracy for row in curve if row.validation_accuracy is not None]
    if not shares:
        return np.full(POINTS + 1, np.nan)
    at = np.linspace(0.0, 1.0, POINTS + 1)
    best = np.maximum.accumulate(np.asarray(values, dtype=np.float64))
    row = np.interp(at, shares, best, left=np.nan, right=float(best[-1]) if ended else np.nan)
    # The end of the last epoch belongs to the curve even where it falls between two points.
    row[point_of(len(values), epochs)] = best[-1]
    return row
