"""Whether confidences are true: points of a reliability figure, and expected calibration error."""

import numpy as np
from numpy.typing import NDArray

from reports.calibration import BeforeAndAfter, Reliability, ReliabilityPoint
from reports.statistics.intervals import clopper_pearson
from reports.statistics.temperature import Labels, log_losses
from search_spaces.measures import MEASURES

Values = NDArray[np.float64]
Units = NDArray[np.intp]
# So many bins at most, and so many answers in each at least.
MOST_BINS, LEAST_IN_A_BIN = 15, 20

_DRAWS = 200
_Z = 1.959964
_MOST_NATS = MEASURES["log_loss"].worst


def reliability(probabilities: NDArray[np.floating], labels: Labels) -> Reliability:
    """Return what probabilities (n, classes) of rows with these labels (n,) are worth; n > 0."""
    confidences = np.minimum(probabilities.max(axis=1).astype(np.float64), 1.0)
    right = probabilities.argmax(axis=1) == labels
    order = np.argsort(confidences, kind="stable")
    confidences, right = confidences[order], _levelled(confidences[order], right[order])
    error, by_chance = calibration_error(confidences, right), error_by_chance(confidences)
    loss = float(log_losses(probabilities, labels).mean())
    return Reliability(loss, error, by_chance, _points(confidences, right))


def effect(
    before: NDArray[np.floating], after: NDArray[np.floating], labels: Labels, units: Units
) -> BeforeAndAfter:
    """Return what two sets of probabilities (n, classes) for the same rows (n,) are worth.

    Answers of one of the `units`, numbers from 0 on (n,), depend on each other: the interval of the
    difference in log loss is normal, over units.
    """
    n = len(labels)
    changes = log_losses(after, labels) - log_losses(before, labels)
    mean = float(changes.mean())
    off = np.bincount(units, weights=changes - mean)
    count = len(off)
    # One unit alone does not say how much units differ.
    spread = float(np.square(off).sum()) * count / (count - 1) if count > 1 else np.inf
    half = min(_Z * np.sqrt(spread) / n, _MOST_NATS)
    both = reliability(before, labels), reliability(after, labels)
    return BeforeAndAfter(n, *both, mean, mean - half, mean + half)


def bin_count(n: int) -> int:
    """Return into how many bins n answers are sorted."""
    return max(1, min(MOST_BINS, n // LEAST_IN_A_BIN))


def calibration_error(confidences: Values, right: Values) -> float:
    """Return the expected calibration error of sorted confidences (n,) with `right` (n,), 0 to 1.

    That is the mean over answers of |mean confidence - share right| of their bin (Naeini et al.
    2015), in bins of equally many answers (Nixon et al. 2019).
    """
    starts = _starts(len(confidences))
    gaps = np.add.reduceat(confidences - right, starts)
    return float(np.abs(gaps).sum() / len(confidences))


def error_by_chance(confidences: Values) -> float:
    """Return the mean error that sorted confidences (n,) show where every one of them is true.

    It is more than 0, the more so the fewer answers there are: answers are drawn under their own
    confidences, always the same ones (Vaicenavicius et al. 2019, "Evaluating model calibration in
    classification").
    """
    rng = np.random.Generator(np.random.Philox(0))
    drawn = (rng.random(len(confidences)) < confidences for _ in range(_DRAWS))
    errors = [calibration_error(confidences, one.astype(np.float64)) for one in drawn]
    return float(np.mean(errors))


def _starts(n: int) -> NDArray[np.intp]:
    bins = bin_count(n)
    return np.arange(bins) * n // bins


def _levelled(confidences: Values, right: NDArray[np.bool_]) -> Values:
    """Give answers of one confidence the share of them that is right.

    So it does not matter which of them a bin ends after.
    """
    _, own = np.unique(confidences, return_inverse=True)
    shares = np.bincount(own, weights=right) / np.bincount(own)
    levelled: Values = shares[own]
    return levelled


def _points(confidences: Values, right: Values) -> tuple[ReliabilityPoint, ...]:
    starts = _starts(len(confidences))
    sizes = np.diff(np.append(starts, len(confidences)))
    means = np.add.reduceat(confidences, starts) / sizes
    shares = np.add.reduceat(right, starts) / sizes
    found = []
    for mean, share, size in zip(means.tolist(), shares.tolist(), sizes.tolist(), strict=True):
        own = clopper_pearson(share * size, size)
        ends = min(own.low, share), max(own.high, share)
        found.append(ReliabilityPoint(min(mean, 1.0), min(share, 1.0), ends[0], ends[1], size))
    return tuple(found)
