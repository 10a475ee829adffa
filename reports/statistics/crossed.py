"""Means over seeds crossed with images, and where their variance comes from."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.statistics.groups import Groups, largest_group
from reports.statistics.two_way import TwoWayTable

Correct = NDArray[np.bool_]

# How many errors the assumption weighs that all seeds err on the same images.
PRIOR_ERRORS = 5.0
# Images added to those on which two configs differ: one gained and one lost.
_ADDED = 2.0


@dataclass(frozen=True)
class Stratum:
    """A class of images: the mean accuracy on it, and how many images it is worth."""

    mean: float
    effective_n: float


@dataclass(frozen=True)
class Spread:
    """A mean over seeds and images and where its variance comes from (squared fractions).

    `of_seeds` is the part of the mean's variance that more seeds shrink, with `df` degrees of
    freedom; `of_images` the part that only more images shrink; `residual` the variance of one
    image's outcome under one seed beyond both. `sampling` is what residuals alone make of the
    seeds' part: its least true value, and better known. `edge` is added to `of_images`, because
    few images that matter do not show their variance; it shrinks with the square of n.
    `effective_n` images would vary the accuracy of one network as much as images vary this mean.
    Where the images come in `groups`, so many of them, `of_images` is over groups, and known with
    `images_df` degrees of freedom. `skew` is the skewness of the mean over images, `largest` the
    most that one image was seen to count, `bounds` are the least and the greatest mean, and
    `strata` the classes whose means it is the mean of. Where rows have weights, `weighted_n` rows
    that count the same would vary a mean as much.
    """

    mean: float
    seeds: int
    n: int
    of_seeds: float
    df: float
    of_images: float
    residual: float
    sampling: float = 0.0
    edge: float = 0.0
    effective_n: float = 0.0
    groups: int | None = None
    images_df: float = math.inf
    skew: float = 0.0
    largest: float = 1.0
    bounds: tuple[float, float] = (-1.0, 1.0)
    strata: tuple[Stratum, ...] = ()
    weighted_n: float | None = None

    @property
    def images(self) -> float:
        """Return the images' part of the variance as intervals take it."""
        return self.of_images + self.edge


def mean_accuracy(correct: Correct, groups: Groups | None = None) -> Spread:
    """Estimate the mean accuracy of one config from which predictions were correct (seeds, images).

    Images vary the mean by d p (1 - p) / n, where d = 1 if all seeds err on the same images and
    less if not. d is estimated as with 5 more errors for which it is 1: it cannot be seen in few
    errors. A variance p (1 - p) below that of one error, 1 / n, is taken to be that. Where images
    come in `groups` (n,), n is the effective number of groups.

    Raises ValueError with fewer than two seeds, or two images or groups.
    """
    table = TwoWayTable.of(correct.astype(np.float64), groups)
    mean, size = table.mean, table.size
    own = mean * (1 - mean)
    errors = size * own
    design = (size * size * table.of_images + PRIOR_ERRORS) / (errors + PRIOR_ERRORS)
    seeds, n = correct.shape
    # All errors in groups of the largest size are the most that there can be in common.
    design = min(largest_group(groups) * size / n, design)
    return Spread(
        mean=mean,
        seeds=seeds,
        n=n,
        of_seeds=row_variance(correct),
        df=seeds - 1.0,
        of_images=table.of_images,
        residual=table.residual,
        sampling=table.sampling,
        edge=max(0.0, design * max(own, 1 / size) / size - table.of_images),
        effective_n=size / design,
        groups=table.groups,
        images_df=table.images_df,
    )


def mean_difference(winner: Correct, baseline: Correct, groups: Groups | None = None) -> Spread:
    """Estimate the difference of two configs' mean accuracies, both (seeds, images).

    All networks see the same images: d_ki = delta + a_k + b_i + e_ki (two-way random effects;
    Searle, Casella & McCulloch 1992, "Variance Components", chapter 4). An image's own effect b_i
    stays however many seeds there are; (MS_image - MS_residual) / (K n) estimates its part, and
    one image gained and one lost are added to those seen, 2 r / n^2 (with r = 1 Bonett & Price
    2012, "Adjusted Wald confidence interval for a difference of binomial proportions based on
    paired data", Journal of Educational and Behavioral Statistics 37); r is the share of the images
    that differ which do so in all seeds, one such image added. Where images come in `groups` (n,),
    b_g and e_kg are those of groups, and n is their effective number.
    The seeds' part is taken from each config's own seeds with Welch's degrees of freedom (Welch
    1947): equal seeds make different networks no more alike, and where they do, this errs to the
    safe side.

    Raises ValueError with fewer than two seeds, or two images or groups, or shapes that differ.
    """
    if winner.shape != baseline.shape:
        message = f"shapes differ: {winner.shape} and {baseline.shape}"
        raise ValueError(message)
    seeds, n = winner.shape
    sides = (winner, baseline)
    difference = winner.astype(np.float64) - baseline.astype(np.float64)
    table = TwoWayTable.of(difference, groups)
    size = table.size
    variances = [row_variance(side) for side in sides]
    discordant = float(np.count_nonzero(difference)) / seeds * size / n
    repeated = min(1.0, (size * size * table.of_images + 1) / (discordant + 1))
    return Spread(
        mean=table.mean,
        seeds=seeds,
        n=n,
        of_seeds=sum(variances),
        df=welch(variances, seeds),
        of_images=table.of_images,
        residual=table.residual,
        sampling=sum(TwoWayTable.of(side.astype(np.float64), groups).sampling for side in sides),
        edge=_ADDED * repeated / (size * size),
        effective_n=size,
        groups=table.groups,
        images_df=table.images_df,
    )


def row_variance(values: NDArray[np.bool_] | NDArray[np.float64]) -> float:
    """Return the variance of the mean over seeds of the seeds' means, from (seeds, images)."""
    variance = float(values.mean(axis=1).var(ddof=1))
    return variance / len(values)


def welch(variances: Sequence[float], seeds: int) -> float:
    """Return degrees of freedom of a sum of variances, each of `seeds` seeds (Welch 1947), less.

    Welch's are (seeds - 1) * ratio, from 1 where one side has all the variance to 2 where both have
    as much. With few seeds the estimated ratio hides which it is, so the share 1 / seeds of what
    exceeds seeds - 1 is not taken.
    """
    squares = sum(variance * variance for variance in variances)
    if squares == 0.0:
        return seeds - 1.0
    total = sum(variances)
    ratio = total * total / squares
    return (seeds - 1) * (1 + (ratio - 1) * (seeds - 1) / seeds)
