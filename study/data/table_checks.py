"""Look over the columns of a table: types, missing values, leakage, drift to the test rows.

What is said of test rows is for people alone: it reaches neither a search nor a record.
"""

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, kolmogorov

from study.data.arrays import WholeData
from study.data.check_findings import Finding, listed
from study.data.columns import Column
from study.data.values import Pixels

# More missing values than this share leave little of a column.
_MOSTLY_MISSING = 0.5
# A column that alone reaches this is suspect, where guessing the largest class is far from it.
_GIVES_AWAY = 0.99
_GUESSED = 0.95
_BINS = 32
# Of drift is spoken where chance alone would show it in one table of a thousand.
_RARE = 0.001
# Fewer rows than this on either side show no drift.
_FEW = 20


def find_in_table(whole: WholeData) -> tuple[Finding, ...]:
    """Return what is found of the columns of a table; nothing for images and plain arrays."""
    if not whole.columns:
        return ()
    return (
        _types(whole),
        *_missing(whole),
        *_suspects(whole),
        *_unseen(whole),
        *_drift(whole),
    )


def _types(whole: WholeData) -> Finding:
    kinds = Counter(_kind(column) for column in whole.columns)
    counts = ", ".join(f"{count:,} {kind}" for kind, count in kinds.items())
    levels = [
        f"{column.name}: {len(column.levels)} levels" for column in whole.columns if column.levels
    ]
    return Finding("columns", f"{counts}; {listed(levels)}" if levels else counts)


def _kind(column: Column) -> str:
    if column.levels is not None:
        return "of categories"
    return "of dates' parts" if column.part not in ("", "rest") else "of numbers"


def _missing(whole: WholeData) -> Iterator[Finding]:
    shares = np.isnan(whole.train.inputs).mean(axis=0)
    some = [
        f"{column.name} {share:.1%}"
        for column, share in zip(whole.columns, shares, strict=True)
        if share
    ]
    if some:
        text = f"of the training rows: {listed(some)}"
        yield Finding("missing", text, warns=bool((shares > _MOSTLY_MISSING).any()))
    else:
        yield Finding("missing", "no training row lacks a value")


def _suspects(whole: WholeData) -> Iterator[Finding]:
    """Name columns that alone tell the class: they often hold what is known only afterwards."""
    labels = whole.train.labels
    guessed = np.bincount(labels).max() / len(labels)
    if guessed > _GUESSED or len(labels) < 2 * _FEW:
        return
    for place, column in enumerate(whole.columns):
        reached = _alone(whole.train.inputs[:, place], labels)
        if reached >= _GIVES_AWAY:
            text = (
                f"column {column.name} alone predicts {reached:.1%} of the training rows: "
                "is it known before the class is?"
            )
            yield Finding("leakage", text, warns=True)


def _alone(values: Pixels, labels: NDArray[np.int32]) -> float:
    """Return the accuracy (0-1) of a column by itself, learned on every other row, on the rest.

    Each level, or each of up to 32 equally filled ranges of numbers, stands for its main class.
    """
    cells = _ranges(values)
    table = np.zeros((int(cells.max()) + 1, int(labels.max()) + 1), dtype=np.int64)
    np.add.at(table, (cells[::2], labels[::2]), 1)
    return float((table.argmax(axis=1)[cells[1::2]] == labels[1::2]).mean())


def _ranges(values: Pixels) -> NDArray[np.intp]:
    """Return a number for each value (n,): that of its range, or of its own where few are there."""
    present = values[~np.isnan(values)]
    distinct = np.unique(present)
    if len(distinct) > _BINS:
        distinct = np.unique(np.quantile(present, np.linspace(0, 1, _BINS + 1)[1:-1]))
        found = np.searchsorted(distinct, values, side="right")
    else:
        found = np.searchsorted(distinct, values)
    return np.where(np.isnan(values), len(distinct) + 1, found)


def _unseen(whole: WholeData) -> Iterator[Finding]:
    unseen = (whole.test.inputs == -1).sum(axis=0)
    some = [
        f"{column.name} in {count:,}"
        for column, count in zip(whole.columns, unseen, strict=True)
        if column.levels is not None and count
    ]
    if some:
        text = f"test rows with a level that no training row has: {listed(some)}"
        yield Finding("levels", text, warns=True)


def _drift(whole: WholeData) -> Iterator[Finding]:
    if min(whole.train.n, whole.test.n) < _FEW:
        return
    limit = _RARE / len(whole.columns)
    some = [
        column.name
        for place, column in enumerate(whole.columns)
        if _chance(column, *(one.inputs[:, place] for one in (whole.train, whole.test))) < limit
    ]
    if some:
        text = f"test rows are distributed otherwise than training rows: {listed(some)}"
        yield Finding("drift", text, warns=True)
    else:
        yield Finding("drift", "no column is distributed otherwise in the test rows")


def _chance(column: Column, train: Pixels, test: Pixels) -> float:
    """Return how probable so large a difference is by chance.

    Numbers: the two-sample test of Kolmogorov and Smirnov, by its limit distribution. Categories:
    the chi-square test of homogeneity, missing values as a level.
    """
    if column.levels is not None:
        return _chance_of_levels(train, test)
    sides = [np.sort(one[~np.isnan(one)]) for one in (train, test)]
    sizes = [len(one) for one in sides]
    if min(sizes) < _FEW:
        return 1.0
    both = np.concatenate(sides)
    shares = [np.searchsorted(one, both, side="right") / len(one) for one in sides]
    distance = float(np.abs(shares[0] - shares[1]).max())
    size = sizes[0] * sizes[1] / sum(sizes)
    return float(kolmogorov(np.sqrt(size) * distance))


def _chance_of_levels(train: Pixels, test: Pixels) -> float:
    _, codes = np.unique(np.concatenate((train, test)), return_inverse=True)
    counts = np.zeros((2, int(codes.max()) + 1))
    np.add.at(counts, (np.repeat((0, 1), (len(train), len(test))), codes), 1)
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
    # Rare levels together: the limit distribution needs five expected rows.
    is_rare = expected.min(axis=0) < 5
    if is_rare.any():
        counts, expected = (
            np.column_stack((one[:, ~is_rare], one[:, is_rare].sum(axis=1)))
            for one in (counts, expected)
        )
    used = expected.min(axis=0) > 0
    freedom = int(used.sum()) - 1
    if freedom < 1:
        return 1.0
    statistic = ((counts - expected) ** 2)[:, used] / expected[:, used]
    return float(chdtrc(freedom, statistic.sum()))
