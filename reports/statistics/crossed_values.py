"""Means over seeds crossed with rows of values that are not only 0 and 1: losses, weighted rows."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.statistics.crossed import (
    PRIOR_ERRORS,
    Correct,
    Spread,
    Stratum,
    mean_accuracy,
    row_variance,
    welch,
)
from reports.statistics.groups import Groups, by_groups, count_groups
from reports.statistics.two_way import LEAST_IMAGES, TwoWayTable
from reports.statistics.weighting import effective_n, largest, scaled

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RowValues:
    """What each row counts (seeds, n) for networks of one config; more is better.

    The mean over rows takes each row `weights` (n,) times; their mean is 1. Where it is the mean of
    the means of classes, `classes` (n,) are the rows' own, and values are 0 or 1. A row that was
    not seen is taken to count `least` at least. `bounds` are the least and the greatest mean.
    `are_shares` says that values are 0 or 1, so that a mean has the limits of a share. Where rows
    have weights of their own, `weighted_n` is their effective number.
    """

    values: Values
    weights: Values
    classes: NDArray[np.int32] | None = None
    least: float = 0.0
    bounds: tuple[float, float] = (-math.inf, math.inf)
    are_shares: bool = False
    weighted_n: float | None = None

    @property
    def means(self) -> Values:
        """Return the mean under each seed (seeds,)."""
        found: Values = (self.values * self.weights).mean(axis=1)
        return found


def mean_of_values(rows: RowValues, groups: Groups | None = None) -> Spread:
    """Estimate a mean over seeds and rows, and where its variance comes from.

    As `mean_accuracy`, with what `_images` says of the rows' part. Of classes, each has its mean
    accuracy and the images that it is worth by itself. Raises ValueError as that does.
    """
    table, part = _images(rows, groups)
    seeds, n = rows.values.shape
    return Spread(
        mean=float(rows.means.mean()),
        seeds=seeds,
        n=n,
        of_seeds=row_variance(rows.values * rows.weights),
        df=seeds - 1.0,
        of_images=table.of_images,
        residual=table.residual,
        sampling=table.sampling,
        edge=part.edge,
        effective_n=table.size,
        groups=table.groups,
        images_df=table.images_df,
        skew=part.skew,
        largest=_largest(rows),
        bounds=rows.bounds,
        strata=_strata(rows, groups),
        weighted_n=rows.weighted_n,
    )


def difference_of_values(
    winner: RowValues, baseline: RowValues, groups: Groups | None = None
) -> Spread:
    """Estimate the difference of two configs' means over the same rows.

    As `mean_difference`: seeds by Welch, rows as pairs. Raises ValueError as that does.
    """
    if winner.values.shape != baseline.values.shape:
        message = f"shapes differ: {winner.values.shape} and {baseline.values.shape}"
        raise ValueError(message)
    seeds, n = winner.values.shape
    both = (winner, baseline)
    paired = RowValues(
        winner.values - baseline.values, winner.weights, winner.classes, winner.least
    )
    table, part = _images(paired, groups)
    variances = [row_variance(side.values * side.weights) for side in both]
    widest = winner.bounds[1] - winner.bounds[0]
    return Spread(
        mean=float(paired.means.mean()),
        seeds=seeds,
        n=n,
        of_seeds=sum(variances),
        df=welch(variances, seeds),
        of_images=table.of_images,
        residual=table.residual,
        sampling=sum(_images(side, groups)[0].sampling for side in both),
        edge=part.edge,
        effective_n=table.size,
        groups=table.groups,
        images_df=table.images_df,
        skew=part.skew,
        largest=max(_largest(side) for side in both),
        bounds=(-widest, widest),
        weighted_n=winner.weighted_n,
    )


@dataclass(frozen=True)
class _ImagesPart:
    """What few rows do not show of the rows' part, and its skewness."""

    edge: float
    skew: float


def _images(rows: RowValues, groups: Groups | None) -> tuple[TwoWayTable, _ImagesPart]:
    """Return the two-way table of rows, and what few of them do not show.

    One row as far from the mean as the farthest is added, m^2 r / n^2: r is the share of the
    squares that all seeds have in common, that row among them. Where classes are averaged, values
    are as those of accuracies: the row that is added is one in each class, and there is no tail.
    """
    y = linearised(rows)
    table = TwoWayTable.of(y, groups)
    cells = by_groups(y, groups if table.groups is not None else None)
    columns = cells.mean(axis=0) - cells.mean()
    units = len(columns)
    if rows.classes is None:
        most = max(float(np.abs(columns).max()), rows.least * units / y.shape[1])
        added, skew = most * most, _skewness(columns)
    else:
        added, skew = _squared_weights(rows.weights, rows.classes), 0.0
    squares = float(np.square(cells - cells.mean()).sum()) / len(cells) * table.size / units
    shared = table.size**2 * table.of_images + added
    common = min(1.0, shared / (squares + added)) if added else 0.0
    return table, _ImagesPart(common * added / table.size**2, skew)


def linearised(rows: RowValues) -> Values:
    """Return values (seeds, n) with the mean and the variance of the weighted mean.

    A row's value is the mean plus what it deviates from it, or from the mean of its class, times
    its weight (linearised ratio; Cochran 1977, "Sampling Techniques", section 9A.2). Deviations
    from the mean of a class of k rows are taken sqrt(k / (k - 1)) times.
    """
    weighted = rows.values * rows.weights
    mean = weighted.mean()
    if rows.classes is None:
        plain: Values = mean + weighted - rows.weights * mean
        return plain
    counts = np.bincount(rows.classes)
    totals = np.bincount(rows.classes, rows.weights)
    with np.errstate(invalid="ignore"):
        means = np.bincount(rows.classes, rows.values.mean(axis=0) * rows.weights) / totals
    more = np.sqrt(counts / np.maximum(counts - 1, 1))
    deviations = (rows.values - means[rows.classes]) * rows.weights * more[rows.classes]
    found: Values = mean + deviations
    return found


def _largest(rows: RowValues) -> float:
    """Return the most that a row was seen to count, or is taken to count at least."""
    return max(float(np.abs(rows.values * rows.weights).max()), rows.least)


def _skewness(columns: Values) -> float:
    """Return the skewness of the mean of columns: that of one column over the root of how many."""
    variance = float(np.square(columns).mean())
    if variance == 0.0:
        return 0.0
    third = float((columns**3).mean())
    return third / (variance * math.sqrt(variance * len(columns)))


def _squared_weights(weights: Values, classes: NDArray[np.int32]) -> float:
    """Return the sum over classes of the squared weight of a row, in the mean over the class."""
    codes, counts = np.unique(classes, return_inverse=True, return_counts=True)[1:]
    return float((np.bincount(codes, np.square(weights)) / counts).sum())


def _strata(rows: RowValues, groups: Groups | None) -> tuple[Stratum, ...]:
    """Return the classes of rows that are 0 or 1, each with its mean accuracy; else all as one."""
    if not rows.are_shares:
        return ()
    n = rows.values.shape[1]
    classes = np.zeros(n, np.int32) if rows.classes is None else rows.classes
    return tuple(_stratum(rows, groups, classes == one) for one in np.unique(classes))


def _stratum(rows: RowValues, groups: Groups | None, chosen: NDArray[np.bool_]) -> Stratum:
    correct = rows.values[:, chosen] > 0.5
    within = None if groups is None else groups[chosen]
    own = scaled(rows.weights[chosen])
    if correct.shape[1] < LEAST_IMAGES or count_groups(within) == 1:
        return Stratum(float((correct * own).mean()), 1.0)
    if rows.weighted_n is None:
        spread = mean_accuracy(correct, within)
        return Stratum(spread.mean, spread.effective_n)
    return _weighted_stratum(correct, own, within)


def _weighted_stratum(correct: Correct, weights: Values, groups: Groups | None) -> Stratum:
    """Return a weighted share, and how many rows that count the same it is worth.

    As in `mean_accuracy`: so many rows as vary p (1 - p) as much as the weighted mean varies over
    rows (Korn & Graubard 1998), with 5 errors more that do so as the weights alone have it.
    """
    mean = float((correct * weights).mean())
    table = TwoWayTable.of(mean + (correct - mean) * weights, groups)
    size = effective_n(weights, groups)
    own = mean * (1 - mean)
    errors = size * own
    design = (size * size * table.of_images + PRIOR_ERRORS) / (errors + PRIOR_ERRORS)
    # All errors in the rows or groups that count the most are the most that there can be in common.
    most = largest(weights, groups) * size / len(weights)
    return Stratum(mean, size / min(most, design))
