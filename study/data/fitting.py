"""Fit the preparation of a table's columns on training rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import fault
from search_spaces.parameters import Scaling
from study.data.columns import Column
from study.data.preparation import (
    NOWHERE,
    CategoryFeatures,
    NumberFeatures,
    Preparation,
    Rows,
    codes_of,
    is_known,
)

# A standardised value ends here, in standard deviations: one wild value rules no gradient.
STANDARD_LIMIT = 10.0
# So many quantiles describe a column.
QUANTILES = 256
# So many steps of float32 lie between its ends at least: rounding moves an end by 1 % at most.
FEWEST_STEPS = 100
# Within half of float32's range no difference of two values overflows.
_LARGEST = float(np.finfo(np.float32).max) / 2
# The least float32 that keeps all its digits, and that no processor takes for 0.
_LEAST = float(np.finfo(np.float32).tiny)

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Choices:
    """How columns are prepared: numbers by `scaling`, levels below a share of the rows together."""

    scaling: Scaling
    rare_level_share: float


def fit(columns: Sequence[Column], inputs: Rows, choices: Choices) -> Preparation:
    """Return the preparation fitted on rows (n, columns), all of them training rows.

    A column whose features would be the same in every row has none. Raises FaultError where no
    column varies.
    """
    numbers, categories = [], []
    for index, column in enumerate(columns):
        values = inputs[:, index]
        if column.levels is None:
            numbers.append(_number(index, values, choices.scaling))
        else:
            categories.append(
                _category(index, values, len(column.levels), choices.rare_level_share)
            )
    found = Preparation(
        len(columns),
        tuple(one for one in numbers if one.features),
        tuple(one for one in categories if one.features > 1),
    )
    if not found.features:
        what = "no column varies in the rows to train on, so there is nothing to learn from"
        raise fault("columns", what, allowed="at least one column that varies")
    return found


def _number(index: int, column: Rows, scaling: Scaling) -> NumberFeatures:
    known = np.clip(column[is_known(column)].astype(np.float64), -_LARGEST, _LARGEST)
    flagged = 0 < len(known) < len(column)
    fill = float(np.float32(np.median(known))) if len(known) else 0.0
    if not len(known) or known.max() - known.min() < _LEAST:
        return NumberFeatures(index, (), (), fill, flagged)
    knots, values = _standard(known) if scaling == "standard" else _quantile(known, scaling)
    return NumberFeatures(index, tuple(knots.tolist()), tuple(values.tolist()), fill, flagged)


def _standard(known: Values) -> tuple[Values, Values]:
    """Return the line (x - mean) / standard deviation, level beyond about STANDARD_LIMIT."""
    mean, deviation = known.mean(), known.std()
    reach = STANDARD_LIMIT * deviation
    ends = _as_float32(np.clip([mean - reach, mean + reach], -_LARGEST, _LARGEST))
    if ends[1] - ends[0] > max(reach, FEWEST_STEPS * np.spacing(np.float32(np.abs(ends).max()))):
        return ends, (ends - mean) / deviation
    # So near each other float32 numbers are few: the line goes through the outermost two.
    ends = np.array([known.min(), known.max()])
    return ends, np.clip((ends - mean) / deviation, -STANDARD_LIMIT, STANDARD_LIMIT)


def _quantile(known: Values, scaling: Scaling) -> tuple[Values, Values]:
    """Return the line through quantiles that makes values normal or uniform, of variance 1.

    Equal quantiles are one knot at the mean of their ranks. Normal values stay within the normal
    quantiles of half a step from 0 and 1.
    """
    count = min(len(known), QUANTILES)
    ranks = np.linspace(0.0, 1.0, count)
    quantiles = _as_float32(np.quantile(known, ranks))
    starts = np.flatnonzero(np.diff(quantiles, prepend=-np.inf) >= _LEAST)
    ends = np.append(starts[1:], count) - 1
    middle = (ranks[starts] + ranks[ends]) / 2
    if scaling == "quantile_uniform":
        return quantiles[starts], (middle - 0.5) * np.sqrt(12.0)
    within = np.clip(middle, 0.5 / count, 1 - 0.5 / count)
    normal = NormalDist()
    return quantiles[starts], np.array([normal.inv_cdf(one) for one in within.tolist()])


def _as_float32(values: Values) -> Values:
    return values.astype(np.float32).astype(np.float64)


def _category(index: int, column: Rows, levels: int, rare_share: float) -> CategoryFeatures:
    *counts, others, missing = np.bincount(codes_of(column, levels), minlength=levels + 2)
    known = np.array(counts)
    is_frequent = (known > 0) & (known >= rare_share * len(column))
    frequent = int(is_frequent.sum())
    has_rare = bool(known[~is_frequent].sum() + others)
    unseen = frequent if has_rare else NOWHERE
    places = np.where(is_frequent, np.cumsum(is_frequent) - 1, unseen)
    of_missing = frequent + has_rare if missing else unseen
    return CategoryFeatures(index, tuple(places.tolist()), unseen, of_missing)
