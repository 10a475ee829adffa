"""A two-way table of seeds and images without replication: its mean and variance components."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.statistics.groups import Groups, by_groups, count_groups, effective_groups

# Fewer do not show how much seeds, or images, differ.
LEAST_SEEDS = 2
LEAST_IMAGES = 2  # or groups of images


@dataclass(frozen=True)
class TwoWayTable:
    """What a two-way table of seeds and images, or groups of images, says of its mean.

    See Searle, Casella & McCulloch 1992, "Variance Components", chapter 4.
    `size` is the number of images, or the effective number of groups.
    """

    mean: float
    of_images: float
    residual: float
    sampling: float
    size: float
    groups: int | None
    images_df: float

    @classmethod
    def of(cls, y: NDArray[np.float64], groups: Groups | None) -> "TwoWayTable":
        """Return what a table (seeds, images) says; raises ValueError where it is too small."""
        count = count_groups(groups)
        if count is None:
            groups = None
        size = effective_groups(groups, y.shape[1])
        mean, of_images, residual = _components(by_groups(y, groups))
        cells = len(y) * (count or y.shape[1])
        df = math.inf if count is None else max(1.0, size - 1)
        return cls(mean, of_images, residual, residual / cells, size, count, df)


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
