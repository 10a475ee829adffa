"""Find rows that are nearly equal, exactly where it matters and at a bounded cost."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Rows = NDArray[np.float32]
Indices = NDArray[np.intp]
# Rows by their numbers (m,), as float32 (m, features).
Take = Callable[[Indices], Rows]

# Rows nearer than this share of the data's own spread are nearly equal. Of the 70,000 images of
# MNIST no two are nearer than 0.1.
NEAR = 0.06
# More rows are not compared.
MOST_ROWS = 100_000
# Of each row so many neighbours are looked at.
NEIGHBOURS = 32
_DIRECTIONS = 10
_SAMPLE = 512
# So many numbers are held as float32 at once: 64 MiB.
_BLOCK = 2**24


@dataclass(frozen=True, eq=False)
class NearPairs:
    """Pairs of row numbers (m, 2), nearly equal; `crowded` rows had more neighbours than looked at.

    Of these some pairs may be missing. All others were compared with every row.
    """

    pairs: Indices
    crowded: int = 0


def near_pairs(take: Take, n: int, features: int, asked: Indices) -> NearPairs:
    """Return which of the rows `asked` are nearly equal to which of all n rows.

    Rows are laid along a few orthonormal directions of large variance (principal components of a
    sample). There no two rows are farther apart than they are, so no pair that is near is missed:
    a k-d tree finds the candidates, and distances over all features decide. The spread is the
    median distance of a row from the mean.
    """
    if n < 2 or len(asked) == 0:
        return NearPairs(np.empty((0, 2), np.intp))
    mean, directions = _directions(take, n, features)
    places, spread = _laid_out(take, n, mean, directions)
    radius = NEAR * spread
    tree = cKDTree(places)
    found, crowded = [], 0
    for block in _blocks(asked, features):
        _, others = tree.query(
            places[block], k=NEIGHBOURS + 1, distance_upper_bound=np.nextafter(radius, np.inf)
        )
        is_near = others < n
        crowded += int(np.count_nonzero(is_near[:, -1]))
        row, column = np.nonzero(is_near)
        pairs = np.stack((block[row], others[row, column].astype(np.intp)), axis=1)
        found.append(_within(take, pairs[pairs[:, 0] != pairs[:, 1]], radius, features))
    return NearPairs(np.concatenate(found), crowded)


def _directions(take: Take, n: int, features: int) -> tuple[Rows, Rows]:
    """Return a mean row (features,) and orthonormal directions (features, at most 10)."""
    sample = take(np.unique(np.linspace(0, n - 1, _SAMPLE).astype(np.intp)))
    mean = sample.mean(axis=0)
    sample = sample - mean
    count = min(_DIRECTIONS, features, len(sample))
    if features < len(sample):
        _, vectors = np.linalg.eigh(sample.T @ sample)
        return mean, vectors[:, -count:]
    _, vectors = np.linalg.eigh(sample @ sample.T)
    directions, _ = np.linalg.qr(sample.T @ vectors[:, -count:])
    return mean, directions


def _laid_out(take: Take, n: int, mean: Rows, directions: Rows) -> tuple[Rows, float]:
    """Return all rows along the directions (n, directions), and the spread."""
    places = np.empty((n, directions.shape[1]), np.float32)
    squares = np.empty(n, np.float32)
    for block in _blocks(np.arange(n), len(mean)):
        rows = take(block) - mean
        places[block] = rows @ directions
        squares[block] = np.einsum("ij,ij->i", rows, rows)
    return places, float(np.sqrt(np.median(squares)))


def _within(take: Take, pairs: Indices, radius: float, features: int) -> Indices:
    kept = [pairs[:0]]
    for block in _blocks(np.arange(len(pairs)), features):
        apart = take(pairs[block, 0]) - take(pairs[block, 1])
        kept.append(pairs[block][np.einsum("ij,ij->i", apart, apart) <= radius * radius])
    return np.concatenate(kept)


def _blocks(rows: Indices, features: int) -> Iterator[Indices]:
    many = max(1, _BLOCK // features)
    for first in range(0, len(rows), many):
        yield rows[first : first + many]
