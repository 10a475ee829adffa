"""Means over seeds crossed with images, and intervals that cover both."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from reports.record import Interval

Correct = NDArray[np.bool_]

# Fewer do not show how much seeds, or images, differ.
LEAST_SEEDS = 2
LEAST_IMAGES = 2


@dataclass(frozen=True)
class Spread:
    """A mean over seeds and images and where its variance comes from (squared fractions).

    `of_seeds` is the part of the mean's variance that more seeds shrink, with `df` degrees of
    freedom; `of_images` the part that only more images shrink; `residual` the variance of one
    image's outcome under one seed beyond both (it sits inside `of_seeds`).
    """

    mean: float
    seeds: int
    n: int
    of_seeds: float
    df: float
    of_images: float
    residual: float


def mean_accuracy(correct: Correct) -> Spread:
    """Estimate the mean accuracy of one config from which predictions were correct (seeds, images).

    Raises ValueError with fewer than two seeds or two images.
    """
    mean, image, residual = _components(correct.astype(np.float64))
    return Spread(
        mean=mean,
        seeds=correct.shape[0],
        n=correct.shape[1],
        of_seeds=_row_variance(correct),
        df=correct.shape[0] - 1.0,
        of_images=image,
        residual=residual,
    )


def mean_difference(winner: Correct, baseline: Correct) -> Spread:
    """Estimate the difference of two configs' mean accuracies, both (seeds, images).

    All networks see the same images: d_ki = delta + a_k + b_i + e_ki (two-way random effects;
    Searle, Casella & McCulloch 1992, "Variance Components", chapter 4). An image's own effect b_i
    stays however many seeds there are; (MS_image - MS_residual) / (K n) estimates its part. The
    seeds' part is taken from each config's own seeds with Welch's degrees of freedom (Welch 1947):
    equal seeds make different networks no more alike, and where they do, this errs to the safe
    side.

    Raises ValueError with fewer than two seeds or two images, or shapes that differ.
    """
    if winner.shape != baseline.shape:
        message = f"shapes differ: {winner.shape} and {baseline.shape}"
        raise ValueError(message)
    difference = winner.astype(np.float64) - baseline.astype(np.float64)
    mean, image, residual = _components(difference)
    variances = (_row_variance(winner), _row_variance(baseline))
    return Spread(
        mean=mean,
        seeds=winner.shape[0],
        n=winner.shape[1],
        of_seeds=sum(variances),
        df=_welch(variances, winner.shape[0]),
        of_images=image,
        residual=residual,
    )


def interval_of(spread: Spread, level: float = 0.95) -> Interval:
    """Return the two-sided interval of a spread's mean at a level (0-1).

    The half widths for seeds (t) and for images (normal) are combined by the root of their sum of
    squares (Howe 1974, "Approximate confidence limits on the mean of X + Y", JASA 69): it holds its
    level with three seeds, where Satterthwaite's degrees of freedom do not.
    """
    half = half_width(spread, level)
    return Interval(spread.mean - half, spread.mean + half, level)


def half_width(spread: Spread, level: float) -> float:
    """Return half the width of the interval at a level (0-1)."""
    quantile = 0.5 + level / 2
    t = float(stats.t.ppf(quantile, spread.df))
    z = float(stats.norm.ppf(quantile))
    return math.sqrt(t * t * spread.of_seeds + z * z * spread.of_images)


def _components(y: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the mean, the images' part of its variance, and the residual variance."""
    seeds, n = y.shape
    if seeds < LEAST_SEEDS or n < LEAST_IMAGES:
        least = f"at least {LEAST_SEEDS} seeds and {LEAST_IMAGES} images are needed"
        message = f"{least}, got {seeds} and {n}"
        raise ValueError(message)
    mean = float(y.mean())
    rows = y.mean(axis=1) - mean
    columns = y.mean(axis=0) - mean
    sum_seed = n * float(rows @ rows)
    sum_image = seeds * float(columns @ columns)
    sum_all = float(np.einsum("ki,ki->", y, y)) - seeds * n * mean * mean
    sum_residual = max(0.0, sum_all - sum_seed - sum_image)
    ms_image = sum_image / (n - 1)
    ms_residual = sum_residual / ((seeds - 1) * (n - 1))
    of_images = max(0.0, ms_image - ms_residual) / (seeds * n)
    return mean, of_images, ms_residual


def _row_variance(correct: Correct) -> float:
    """Return the variance of the mean over seeds of the seeds' accuracies."""
    variance = float(correct.mean(axis=1).var(ddof=1))
    return variance / len(correct)


def _welch(variances: tuple[float, float], seeds: int) -> float:
    squares = variances[0] * variances[0] + variances[1] * variances[1]
    if squares == 0.0:
        return 2.0 * (seeds - 1)
    total = sum(variances)
    # The form with two more degrees of freedom, less two, is nearly unbiased with few seeds.
    return total * total * (seeds + 1) / squares - 2
