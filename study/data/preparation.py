"""How the columns of a table become what a network learns from: fitted, as a value, and applied."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]

# A number this large, or not finite, counts as missing.
TOO_LARGE = float(np.finfo(np.float32).max)
# The place of a level that has no feature: all features of its column are 0.
NOWHERE = -1


@dataclass(frozen=True)
class NumberFeatures:
    """One column of numbers: a line through (knots, values), level beyond its ends.

    `index` is the column's place in a row. Knots rise and are float32 numbers; there are none where
    the training rows that have a value all have the same. `fill` stands for a missing value. Where
    `flagged`, a second feature is 1 for a missing value and 0 otherwise.
    """

    index: int
    knots: tuple[float, ...]
    values: tuple[float, ...]
    fill: float
    flagged: bool

    @property
    def features(self) -> int:
        """Return how many features it has."""
        return bool(self.knots) + self.flagged


@dataclass(frozen=True)
class CategoryFeatures:
    """One column of categories, one-hot: `places` has the feature of each level, in their order.

    Rare levels share one, with `unseen` ones. A `missing` value has its own where the training rows
    had some, else that of unseen levels. NOWHERE is the place of what no training row stands for.
    """

    index: int
    places: tuple[int, ...]
    unseen: int
    missing: int

    @property
    def features(self) -> int:
        """Return how many features it has."""
        return max((*self.places, self.unseen, self.missing)) + 1


@dataclass(frozen=True)
class Preparation:
    """What was fitted on training rows of so many `columns`; those that do not vary have no part.

    Features come in the order of `numbers`, then of `categories`.
    """

    columns: int
    numbers: tuple[NumberFeatures, ...]
    categories: tuple[CategoryFeatures, ...]

    @property
    def features(self) -> int:
        """Return the number of features of a prepared row."""
        numbers = sum(one.features for one in self.numbers)
        return numbers + sum(one.features for one in self.categories)


def apply(preparation: Preparation, inputs: Rows) -> Rows:
    """Return features (n, features) of rows (n, columns) as `Column` describes them."""
    found = np.zeros((len(inputs), preparation.features), np.float32)
    place = 0
    for number in preparation.numbers:
        _put_number(number, inputs[:, number.index], found[:, place : place + number.features])
        place += number.features
    for category in preparation.categories:
        width = category.features
        _put_category(category, inputs[:, category.index], found[:, place : place + width])
        place += width
    return found


def _put_number(number: NumberFeatures, column: Rows, out: Rows) -> None:
    known = is_known(column)
    if number.knots:
        filled = np.where(known, column, np.float32(number.fill))
        out[:, 0] = np.interp(filled, number.knots, number.values)
    if number.flagged:
        out[:, -1] = ~known


def is_known(column: Rows) -> NDArray[np.bool_]:
    """Tell which values (n,) are there."""
    found: NDArray[np.bool_] = np.abs(column) < TOO_LARGE
    return found


def _put_category(category: CategoryFeatures, column: Rows, out: Rows) -> None:
    places = places_of(category, column)
    rows = np.flatnonzero(places != NOWHERE)
    out[rows, places[rows]] = 1.0


def places_of(category: CategoryFeatures, column: Rows) -> NDArray[np.intp]:
    """Return the place (n,) of each value of a column among the features of its category."""
    table = np.array([*category.places, category.unseen, category.missing], dtype=np.intp)
    found: NDArray[np.intp] = table[codes_of(column, len(category.places))]
    return found


def codes_of(column: Rows, levels: int) -> NDArray[np.intp]:
    """Return codes (n,): that of each level, then `levels` for others, one more for missing."""
    is_level = (column >= 0) & (column < levels)
    codes = np.where(is_known(column), levels, levels + 1)
    return np.where(is_level, column, codes).astype(np.intp)
