"""One answer from the trainings of a config on each of several folds."""

import math
from collections.abc import Sequence
from statistics import median

from study.engine.results import TrialResult


def pooled(results: Sequence[TrialResult]) -> TrialResult:
    """Return what these trainings, each scored on its own fold, reached on all rows together.

    Accuracy, loss and measure are means over all n rows; epochs and the epoch kept are the medians,
    the peak of memory is the highest, seconds are the sum, and weights are those of the first.
    """
    first = results[0]
    if len(results) == 1:
        return first
    n = sum(one.n for one in results)
    value, value_sd = _measure(results, n)
    return TrialResult(
        accuracy=sum(round((one.accuracy or 0.0) * one.n) for one in results) / n,
        loss=sum((one.loss or 0.0) * one.n for one in results) / n,
        n=n,
        epochs=round(median(one.epochs for one in results)),
        kept_epoch=round(median(one.kept_epoch for one in results)),
        parameter_count=first.parameter_count,
        seconds=sum(one.seconds for one in results),
        weights_hash=first.weights_hash,
        peak_bytes=max(one.peak_bytes for one in results),
        cross_fitted=first.cross_fitted,
        value=value,
        value_sd=value_sd,
    )


def _measure(results: Sequence[TrialResult], n: int) -> tuple[float | None, float | None]:
    """Return the measure over all rows, and the standard deviation of a row's value around it."""
    parts = [
        (one.n, one.value, one.value_sd)
        for one in results
        if one.value is not None and one.value_sd is not None
    ]
    if not parts:
        return None, None
    mean = sum(rows * value for rows, value, _ in parts) / n
    squares = sum(rows * (value * value + sd * sd) for rows, value, sd in parts) / n
    return mean, math.sqrt(max(0.0, squares - mean * mean))
