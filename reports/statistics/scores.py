"""What networks of one config scored on the same rows: the study's measure, and who was correct."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from reports.record import Interval
from reports.statistics.crossed import Correct, Spread, mean_accuracy, mean_difference
from reports.statistics.crossed_values import (
    RowValues,
    Values,
    difference_of_values,
    mean_of_values,
)
from reports.statistics.groups import Groups, effective_groups
from reports.statistics.intervals import of_accuracy, of_one_network, of_values
from reports.statistics.one_network import of_one_mean
from reports.statistics.weighting import Weights, effective_n, scaled
from search_spaces.measures import ACCURACY, AskedMeasure, Measure

# What a row costs at least that no network was seen to fail on: an even guess between two classes.
_LEAST: Mapping[AskedMeasure, float] = MappingProxyType(
    {"log_loss": math.log(2), "brier_score": 0.5}
)
# The least and the greatest mean, turned so that more is better.
_BOUNDS: Mapping[AskedMeasure, tuple[float, float]] = MappingProxyType(
    {
        "accuracy": (0.0, 1.0),
        "balanced_accuracy": (0.0, 1.0),
        "log_loss": (-math.inf, 0.0),
        "brier_score": (-2.0, 0.0),
    }
)


@dataclass(frozen=True, eq=False)
class Scores:
    """What networks of one config scored on the same rows, `correct` being (networks, n).

    `rows` are the values of the measure, turned so that more is better; None where it is accuracy.
    """

    correct: Correct
    measure: Measure = ACCURACY
    rows: RowValues | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Return the number of networks and of rows."""
        networks, n = self.correct.shape
        return networks, n

    @property
    def means(self) -> NDArray[np.float64]:
        """Return each network's measure (networks,), turned so that more is better."""
        found: NDArray[np.float64] = (
            self.correct.mean(axis=1) if self.rows is None else self.rows.means
        )
        return found

    @property
    def value(self) -> float:
        """Return the measure over all networks and rows, in its own direction."""
        if self.rows is None:
            return float(self.correct.mean())
        return self.measure.oriented(float(self.rows.means.mean()))

    @property
    def accuracies(self) -> NDArray[np.float64]:
        """Return each network's accuracy (networks,)."""
        found: NDArray[np.float64] = self.correct.mean(axis=1)
        return found

    def first(self, count: int) -> "Scores":
        """Return the scores of the first networks alone."""
        rows = self.rows
        if rows is not None:
            rows = replace(rows, values=rows.values[:count])
        return Scores(self.correct[:count], self.measure, rows)


def scores(
    measure: Measure,
    correct: Correct,
    labels: NDArray[np.int32],
    values: Values | None = None,
    weights: Weights | None = None,
) -> Scores:
    """Return scores from who was correct (networks, n) and the rows' classes (n,).

    `values` (networks, n) are the rows' own losses; accuracies follow from who was correct.
    `weights` (n,) are the rows' own, None where they have none.
    """
    if measure.name == "accuracy":
        return Scores(correct)
    asked = measure.asked
    own = np.ones(correct.shape[1]) if weights is None else scaled(weights)
    classes, least, are_shares = None, _LEAST.get(asked, 0.0), "accuracy" in asked
    counts = own
    if asked == "balanced_accuracy":
        totals = np.bincount(labels, own)
        counts = own * len(labels) / (np.count_nonzero(totals) * totals[labels])
        classes = labels
    if asked == "accuracy":
        # One row gained and one lost, as among rows that all count the same.
        least = math.sqrt(2 * float(np.square(own).mean()))
    if are_shares:
        values = correct.astype(np.float64)
    if values is None:
        message = f"{measure.title} needs the values of rows"
        raise ValueError(message)
    oriented = values if measure.direction == "maximize" else -values
    of_weights = None if weights is None else effective_n(weights)
    bounds = _BOUNDS[asked]
    rows = RowValues(oriented, counts, classes, least, bounds, are_shares, of_weights)
    return Scores(correct, measure, rows)


def mean_score(own: Scores, groups: Groups | None = None) -> Spread:
    """Estimate the mean of a measure, turned so that more is better; as `mean_accuracy`."""
    if own.rows is None:
        return mean_accuracy(own.correct, groups)
    return mean_of_values(own.rows, groups)


def score_difference(winner: Scores, baseline: Scores, groups: Groups | None = None) -> Spread:
    """Estimate by how much the winner's measure is the better one; as `mean_difference`."""
    if winner.rows is None or baseline.rows is None:
        return mean_difference(winner.correct, baseline.correct, groups)
    return difference_of_values(winner.rows, baseline.rows, groups)


def of_one_score(own: Scores, groups: Groups | None = None) -> Interval:
    """Return the 95 % interval of one network's measure, turned so that more is better."""
    if own.rows is None:
        n = effective_groups(groups, own.shape[1])
        return of_one_network(float(own.accuracies[0]), n)
    return of_one_mean(own.rows, groups)


def of_score(measure: Measure, spread: Spread, level: float = 0.95) -> Interval:
    """Return the interval of a mean of a measure, turned so that more is better."""
    return of_accuracy(spread, level) if measure is ACCURACY else of_values(spread, level)
