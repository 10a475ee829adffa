"""The interval of one network's mean over rows: there is no spread between seeds to go by."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special

from reports.record import Interval
from reports.statistics.crossed_values import RowValues, linearised
from reports.statistics.groups import Groups, by_groups
from reports.statistics.intervals import clopper_pearson
from reports.statistics.weighting import effective_n


def of_one_mean(rows: RowValues, groups: Groups | None = None, level: float = 0.95) -> Interval:
    """Return the interval of one network's mean over rows, or groups of them, within its bounds.

    Of shares each class has Clopper & Pearson's limits on its effective number of rows, combined by
    the root of their squares; else it is normal, with one row more as far from the mean as the
    farthest.
    """
    mean = float(rows.means.mean())
    if rows.are_shares:
        low, high = _of_shares(rows, groups, level)
    else:
        columns = by_groups(linearised(rows), groups)[0]
        n = len(columns)
        farthest = max(float(np.abs(columns - mean).max()), rows.least * n / rows.values.shape[1])
        variance = float(columns.var()) / max(1, n - 1) + (farthest / n) ** 2
        low = high = float(special.ndtri(0.5 + level / 2)) * math.sqrt(variance)
    least, most = rows.bounds
    return Interval(max(least, mean - low), min(most, mean + high), level)


def _of_shares(rows: RowValues, groups: Groups | None, level: float) -> tuple[float, float]:
    """Return how far the limits of a mean of shares lie below and above it."""
    n = rows.values.shape[1]
    classes = np.zeros(n, np.int32) if rows.classes is None else rows.classes
    parts = [_of_class(rows, groups, classes == one, level) for one in np.unique(classes)]
    low, high = np.square(parts).sum(axis=0)
    return math.sqrt(low) / len(parts), math.sqrt(high) / len(parts)


def _of_class(
    rows: RowValues, groups: Groups | None, chosen: NDArray[np.bool_], level: float
) -> tuple[float, float]:
    weights = rows.weights[chosen]
    mean = float(np.average(rows.values[0, chosen], weights=weights))
    n = effective_n(weights, None if groups is None else groups[chosen])
    ends = clopper_pearson(mean * n, n, level)
    return mean - ends.low, ends.high - mean
