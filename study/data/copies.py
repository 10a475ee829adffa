"""Find inputs that are copies of one another, equal or nearly so, inside and across splits."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from reports.statistics.groups import Groups
from study.data.arrays import WholeData
from study.data.near import MOST_ROWS, Indices, NearPairs, Rows, near_pairs
from study.data.values import Pixels

# Rows of fewer numbers may be equal, or nearly so, by chance.
LEAST_FEATURES = 16
# Where a missing value is put, in standard deviations of its column.
_MISSING = 10.0


@dataclass(frozen=True, eq=False)
class Copies:
    """Which inputs are copies of one another.

    `test` and `train` say which distinct input each row is (n,), numbered from 0, test inputs
    first; `near` has the pairs of distinct inputs that are nearly equal. So many of `distinct`
    inputs, the first ones, were `compared` for that. `test_groups` numbers the groups of test
    inputs that belong together (n,); None where each stands for itself.
    """

    test: Indices
    train: Indices
    near: NearPairs
    distinct: int
    compared: int
    test_groups: Groups | None

    @property
    def leaked(self) -> int:
        """Return how many test inputs are also training inputs."""
        return int(self._trained[self.test].sum())

    @property
    def nearly_leaked(self) -> int:
        """Return how many other test inputs are nearly a training input."""
        beside = np.zeros(self.distinct, dtype=np.bool_)
        for one, other in self._both_ways():
            beside[one[self._trained[other]]] = True
        return int((beside & ~self._trained)[self.test].sum())

    @property
    def repeated(self) -> int:
        """Return how many training inputs repeat an earlier one."""
        return len(self.train) - int(self._trained.sum())

    @property
    def nearly_repeated(self) -> int:
        """Return how many distinct training inputs are nearly another one."""
        trained = self._trained[self.near.pairs].all(axis=1)
        return len(np.unique(self.near.pairs[trained]))

    @property
    def _trained(self) -> NDArray[np.bool_]:
        found = np.zeros(self.distinct, dtype=np.bool_)
        found[self.train] = True
        return found

    def _both_ways(self) -> Iterable[tuple[Indices, Indices]]:
        one, other = self.near.pairs.T
        return (one, other), (other, one)


def find_copies(whole: WholeData, *, within_training: bool = False) -> Copies:
    """Compare test inputs with all others, and training inputs with each other where asked to.

    Test inputs belong together where they have a group in common, or are copies. Inputs of fewer
    than 16 numbers may be close by chance: no near copies are looked for. Such inputs, and rows of
    a table, may also be equal by chance, so that copies are no group.
    """
    test, train = whole.test.inputs, whole.train.inputs
    numbers: dict[bytes, int] = {}
    tests, trains = _numbered(test, numbers), _numbered(train, numbers)
    distinct, of_test = len(numbers), int(tests.max()) + 1
    compared = min(distinct, MOST_ROWS) if test.shape[1] >= LEAST_FEATURES else 0
    asked = np.arange(compared if within_training else min(compared, of_test))
    first = _first_rows(tests, trains, distinct)
    scale = _scale(train) if whole.columns else None
    take = partial(_take, (test, train), first, of_test, scale)
    near = near_pairs(take, compared, test.shape[1], asked)
    are_copies = compared > 0 and not whole.columns
    groups = _groups(tests, near, whole.test.groups, are_copies=are_copies)
    return Copies(tests, trains, near, distinct, compared, groups)


def _numbered(inputs: Pixels, numbers: dict[bytes, int]) -> Indices:
    """Number the distinct rows by a 128-bit hash, in the order in which they come."""
    keys = (hashlib.blake2b(row.tobytes(), digest_size=16).digest() for row in inputs)
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.intp)


def _first_rows(tests: Indices, trains: Indices, distinct: int) -> Indices:
    """Return in which row of its split each distinct input comes first (distinct,)."""
    first = np.empty(distinct, np.intp)
    for numbers in (trains, tests):
        first[numbers[::-1]] = np.arange(len(numbers))[::-1]
    return first


def _scale(train: Pixels) -> tuple[Rows, Rows]:
    """Return middle and spread of each column of a table (features,), over the values there are."""
    seen = np.ma.masked_invalid(train.astype(np.float64))
    spread = seen.std(axis=0).filled(0.0)
    spread[spread == 0] = 1.0
    return seen.mean(axis=0).filled(0.0).astype(np.float32), spread.astype(np.float32)


def _take(
    splits: tuple[Pixels, Pixels],
    first: Indices,
    of_test: int,
    scale: tuple[Rows, Rows] | None,
    numbers: Indices,
) -> Rows:
    """Return the distinct inputs of these numbers (m, features) as float32, columns to scale.

    What is missing in a table is far from all values.
    """
    test, train = splits
    found = np.empty((len(numbers), test.shape[1]), np.float32)
    tested = numbers < of_test
    found[tested] = test[first[numbers[tested]]]
    found[~tested] = train[first[numbers[~tested]]]
    if scale is None:
        return found
    scaled: Rows = np.nan_to_num((found - scale[0]) / scale[1], nan=_MISSING)
    return scaled


def _groups(
    tests: Indices, near: NearPairs, given: Groups | None, *, are_copies: bool
) -> Groups | None:
    """Number the groups of test rows (n,) in the order in which they come; None without any."""
    n = len(tests)
    rows = np.arange(n)
    starts: list[Indices] = []
    ends: list[Indices] = []
    nodes = n
    if are_copies:
        ends += [nodes + tests, nodes + near.pairs[:, 1]]
        starts += [rows, nodes + near.pairs[:, 0]]
        nodes += int(max(tests.max(), near.pairs.max(initial=0))) + 1
    if given is not None:
        names, codes = np.unique(given, return_inverse=True)
        starts.append(rows)
        ends.append(nodes + codes.astype(np.intp))
        nodes += len(names)
    if not starts:
        return None
    edges = np.concatenate(starts), np.concatenate(ends)
    graph = coo_array((np.ones(len(edges[0]), np.int8), edges), shape=(nodes, nodes))
    _, labels = connected_components(graph, directed=False)
    _, found, codes = np.unique(labels[:n], return_index=True, return_inverse=True)
    if len(found) == n:
        return None
    groups: Groups = np.argsort(np.argsort(found))[codes].astype(np.int32)
    return groups
