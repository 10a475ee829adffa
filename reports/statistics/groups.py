"""Test images in groups: images of one group are alike, and count as one where images vary."""

import numpy as np
from numpy.typing import NDArray

# The number of each image's group (n,), from 0. Without groups each image stands for itself.
Groups = NDArray[np.int32]


def count_groups(groups: Groups | None) -> int | None:
    """Return how many groups there are; None where each image stands for itself."""
    if groups is None:
        return None
    found = len(np.unique(groups))
    return None if found == len(groups) else found


def effective_groups(groups: Groups | None, n: int) -> float:
    """Return how many groups of one size vary a mean as much: n^2 / sum of squared sizes.

    Kish 1965, "Survey Sampling", section 5.4, for images that are alike in each group; n without
    groups.
    """
    if groups is None:
        return float(n)
    sizes = np.unique(groups, return_counts=True)[1].astype(np.float64)
    return float(n * n / (sizes @ sizes))


def largest_group(groups: Groups | None) -> int:
    """Return the number of images of the largest group, 1 without groups."""
    return 1 if groups is None else int(np.unique(groups, return_counts=True)[1].max())


def by_groups(y: NDArray[np.float64], groups: Groups | None) -> NDArray[np.float64]:
    """Return outcomes (seeds, n) as those of groups (seeds, groups), of the same means of rows.

    A group's outcome is the mean over all plus its share of what its images deviate, times the
    number of groups over n (linearised ratio; Cochran 1977, "Sampling Techniques", section 9A.2).
    So their variance is that of a mean over images in groups drawn whole, of any sizes. Without
    groups they are the images' own.
    """
    if groups is None:
        return y
    _, codes, counts = np.unique(groups, return_inverse=True, return_counts=True)
    mean = y.mean()
    sums = np.stack([np.bincount(codes, row, len(counts)) for row in y])
    found: NDArray[np.float64] = mean + (sums - mean * counts) * (len(counts) / y.shape[1])
    return found
