"""Rows that do not count the same: their weights, taken as fixed."""

import numpy as np
from numpy.typing import NDArray

from reports.statistics.groups import Groups

Weights = NDArray[np.float64]


def scaled(weights: Weights) -> Weights:
    """Return weights (n,) with a mean of 1."""
    found: Weights = weights / weights.mean()
    return found


def effective_n(weights: Weights, groups: Groups | None = None) -> float:
    """Return how many rows, or groups, that count the same vary a mean as much.

    (sum w)^2 / sum w^2 (Kish 1992, "Weighting for unequal P_i", Journal of Official Statistics 8),
    w being the sum of a group's weights where rows come in `groups` (n,).
    """
    units = _of_units(weights / weights.max(), groups)
    return float(units.sum() ** 2 / (units @ units))


def largest(weights: Weights, groups: Groups | None = None) -> float:
    """Return the greatest weight of a row, or of a group."""
    return float(_of_units(weights, groups).max())


def _of_units(weights: Weights, groups: Groups | None) -> Weights:
    if groups is None:
        return weights
    codes = np.unique(groups, return_inverse=True)[1]
    return np.bincount(codes, weights).astype(np.float64)
