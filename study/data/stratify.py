"""Pick a stratified part of examples: seeded, the same on every machine and numpy version."""

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import fault


def stratified(
    labels: NDArray[np.int32], share: float, seed: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the sorted indices of what stays and of what is held out, of every class in both.

    `share` (0-1) is held out in all, by largest remainder in each class; a class with a single
    example stays. Each example draws a 64-bit key from Philox's raw stream, which numpy keeps
    stable; the smallest keys of a class are held out. Raises FaultError where no class has two
    examples.
    """
    _check_share(share)
    _, codes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    if len(labels) == 0 or counts.max() < 2:
        what = "no class has two examples, one to train on and one to hold out"
        raise fault("split", what, f"{len(labels)} examples", "at least 2 of a class")
    held_counts = _held_counts(counts, share)
    keys = np.random.Philox(seed).random_raw(len(labels))
    order = np.lexsort((keys, codes))
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    rank = np.arange(len(labels)) - np.repeat(starts, counts)
    is_held = np.zeros(len(labels), dtype=bool)
    is_held[order] = rank < np.repeat(held_counts, counts)
    return np.flatnonzero(~is_held), np.flatnonzero(is_held)


def grouped(
    labels: NDArray[np.int32], groups: NDArray[np.int32], share: float, seed: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the same where all examples of a group must stay together; `groups` are numbers (n,).

    Groups are taken in a random order (keys from Philox, as above); each is held out that brings
    the classes held out nearer to their share of all, and leaves an example of each class. Raises
    FaultError where no group can be held out.
    """
    _check_share(share)
    _, classes = np.unique(labels, return_inverse=True)
    own, members = np.unique(groups, return_inverse=True)
    table = np.zeros((len(own), int(classes.max(initial=-1)) + 1), dtype=np.int64)
    np.add.at(table, (members, classes), 1)
    total = table.sum(axis=0)
    wanted, held = total * share, np.zeros_like(total)
    is_held = np.zeros(len(own), dtype=bool)
    for group in np.argsort(np.random.Philox(seed).random_raw(len(own)), kind="stable"):
        more = held + table[group]
        is_nearer = np.abs(more - wanted).sum() < np.abs(held - wanted).sum()
        if is_nearer and (more < total).all():
            held, is_held[group] = more, True
    if not is_held.any():
        what = "no group can be held out: each is too large, or holds all rows of a class"
        raise fault("split", what, f"{len(own)} groups", "more groups, with several classes each")
    held_out = is_held[members]
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


def _check_share(share: float) -> None:
    if not 0 < share < 1:
        raise fault("split", "a share out of range", share, "between 0 and 1")


def _held_counts(counts: NDArray[np.intp], share: float) -> NDArray[np.intp]:
    exact = counts * share
    least = np.minimum(1, counts - 1)
    held: NDArray[np.intp] = np.clip(np.floor(exact).astype(np.intp), least, counts - 1)
    missing = round(float(counts.sum()) * share) - int(held.sum())
    by_remainder = np.argsort(held - exact, kind="stable")
    for index in by_remainder:
        if missing > 0 and held[index] < counts[index] - 1:
            held[index] += 1
            missing -= 1
    return held
