"""Cells as the numbers that `Column` describes, the same way for every row of whatever file."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from study.data.columns import Column
from study.data.tables.cells import Cells

_DAY = 86_400.0


def encode(columns: Sequence[Column], cells: Mapping[str, Cells], n: int) -> NDArray[np.float32]:
    """Return the rows (n, columns) as float32; NaN is missing, -1 a level that no column names.

    A cell that cannot be what its column is (a word among numbers) counts as missing. Raises
    KeyError where a column has no cells.
    """
    rows = np.empty((n, len(columns)), dtype=np.float32)
    for place, column in enumerate(columns):
        rows[:, place] = encode_column(column, cells[column.cells])
    return rows


def encode_column(column: Column, cells: Cells) -> NDArray[np.float32]:
    """Return one column (n,) as float32."""
    if column.levels is not None:
        return _categories(column.levels, cells)
    if column.part in ("", "rest"):
        numbers = cells.numbers()
        first = _float32(numbers)
        if not column.part:
            return first
        return _float32(numbers - first.astype(np.float64))
    return _date_part(column, cells.seconds())


def _categories(levels: Sequence[str], cells: Cells) -> NDArray[np.float32]:
    words = cells.words()
    places = {level: place for place, level in enumerate(levels)}
    table = [*(places.get(text, -1) for text in words.texts), np.nan]
    return np.array(table, dtype=np.float32)[words.codes]


def _float32(numbers: NDArray[np.float64]) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        found = np.where(np.isfinite(numbers), numbers, np.nan).astype(np.float32)
    return np.where(np.isfinite(found), found, np.float32(np.nan))


def _date_part(column: Column, seconds: NDArray[np.float64]) -> NDArray[np.float32]:
    present = np.isfinite(seconds)
    moments = np.where(present, seconds, 0).astype("datetime64[s]")
    months = moments.astype("datetime64[M]").astype(np.int64)
    days = seconds / _DAY if column.part == "days" else moments.astype("datetime64[D]")
    match column.part:
        case "days":
            values = days
        case "year":
            values = 1970 + months // 12
        case "month":
            values = 1 + months % 12
        case "weekday":  # 1970 began on a Thursday, and Monday is 0
            values = (days.astype(np.int64) + 3) % 7
        case _:
            values = (moments - days).astype(np.int64) // 3600
    return np.where(present, values, np.nan).astype(np.float32)
