"""Means of unequal noise, pulled towards what they have in common."""

from collections.abc import Sequence
from statistics import fmean, variance


def shrunken(means: Sequence[float], noises: Sequence[float]) -> tuple[float, ...]:
    """Return the means, each pulled towards the mean of all by its share of noise.

    `noises` are the variances of the means' own errors, above 0. Of what a mean lies off the middle
    the part A / (A + noise) is kept, where A is the variance of the true means: that of the means
    less their mean noise, at least 0. The empirical Bayes estimate for normal means (Efron & Morris
    1975, "Data analysis using Stein's estimator and its generalizations", JASA 70). With equal
    noises the order stays; where all may be noise all are equal.
    """
    if len(means) < 2:
        return tuple(means)
    middle = fmean(means)
    between = max(0.0, variance(means, middle) - fmean(noises))
    return tuple(
        middle + between / (between + noise) * (mean - middle)
        for mean, noise in zip(means, noises, strict=True)
    )
