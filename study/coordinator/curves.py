"""Learning curves on one scale: the share of the planned epochs, so that like meets like."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reports.trial_record import EpochRecord
from reports.trials import epoch_value
from search_spaces.measures import MEASURES, MeasureName

# A curve has a value at point 0, 1, ... POINTS; point p stands for p / POINTS of the epochs.
POINTS = 100


def point_of(epoch: int, epochs: int) -> int:
    """Return the point at which a trial of `epochs` planned epochs is after `epoch` of them."""
    return min(POINTS, round(POINTS * epoch / epochs))


def resample(
    curve: Sequence[EpochRecord], epochs: int, ended: bool, measure: MeasureName = "accuracy"
) -> NDArray[np.float64]:
    """Return the best score so far at each point, linear between epochs: (POINTS + 1,).

    Scores are values of the measure, turned so that more is better. Not a number before the first
    epoch and after the last. A trial that `ended` by itself before its planned epochs (early
    stopping) keeps its last value.
    """
    turned = MEASURES[measure].oriented
    reached = [(row.epoch, one) for row in curve if (one := epoch_value(row)) is not None]
    shares = [epoch / epochs for epoch, _ in reached]
    values = [turned(one) for _, one in reached]
    if not shares:
        return np.full(POINTS + 1, np.nan)
    at = np.linspace(0.0, 1.0, POINTS + 1)
    best = np.maximum.accumulate(np.asarray(values, dtype=np.float64))
    row = np.interp(at, shares, best, left=np.nan, right=float(best[-1]) if ended else np.nan)
    # The end of the last epoch belongs to the curve even where it falls between two points.
    row[point_of(len(values), epochs)] = best[-1]
    return row
