"""Pick a stratified part of examples: seeded, the same on every machine and numpy version."""

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import fault


def stratified(
    labels: NDArray[np.int32], share: float, seed: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the sorted indices of what stays and of what is held out, of every class in both.

    `share` (0-1) is held out in all, by largest remainder in each class. Each example draws a
    64-bit key from Philox's raw stream, which numpy keeps stable; the smallest keys of a class are
    held out. Raises FaultError where a class has fewer than two examples.
    """
    if not 0 < share < 1:
        raise fault("split", "a share out of range", share, "between 0 and 1")
    classes, codes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    if len(labels) == 0 or counts.min() < 2:
        few = classes[counts < 2].tolist()
        raise fault("split", "classes with fewer than two images", few, "at least 2 images a class")
    held_counts = _held_counts(counts, share)
    keys = np.random.Philox(seed).random_raw(len(labels))
    order = np.lexsort((keys, codes))
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    rank = np.arange(len(labels)) - np.repeat(starts, counts)
    is_held = np.zeros(len(labels), dtype=bool)
    is_held[order] = rank < np.repeat(held_counts, counts)
    return np.flatnonzero(~is_held), np.flatnonzero(is_held)


def _held_counts(counts: NDArray[np.intp], share: float) -> NDArray[np.intp]:
    exact = counts * share
    held: NDArray[np.intp] = np.clip(np.floor(exact).astype(np.intp), 1, counts - 1)
    missing = round(float(counts.sum()) * share) - int(held.sum())
    by_remainder = np.argsort(held - exact, kind="stable")
    for index in by_remainder:
        if missing > 0 and held[index] < counts[index] - 1:
            held[index] += 1
            missing -= 1
    return held
