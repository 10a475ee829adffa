"""What each column of a table is, by its training rows alone: a number, a category, a date."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from study.data.columns import Column, Part
from study.data.tables.cells import Cells
from study.data.tables.encode import encode_column

_DATE_PARTS: tuple[Part, ...] = ("days", "year", "month", "weekday")
_DAY = 86_400
# Fewer rows than this show nothing about whether a column counts its rows.
_FEW = 20
# Texts of which more than this share are different name their rows, or are prose.
_MOST_LEVELS = 0.5
_ID_NAMES = frozenset({"id", "index", "idx", "rowid", "row_id", "uuid", "guid", "rownames"})


@dataclass(frozen=True)
class Found:
    """The columns that a table's cells become, and a line for each column that is left out."""

    columns: tuple[Column, ...]
    left_out: tuple[str, ...]


def find_columns(cells: Sequence[Cells]) -> Found:
    """Return what the columns are by these rows, which must be training rows alone.

    Left out are columns that are constant, repeat another one, or name their rows.
    """
    columns: list[Column] = []
    left_out: list[str] = []
    seen: dict[bytes, str] = {}
    taken = {one.name for one in cells}
    for one in cells:
        reason = _useless(one)
        if reason:
            left_out.append(f"column {one.name} is left out: {reason}")
            continue
        for column in _columns_of(one, taken):
            values = encode_column(column, one)
            key = _content(column, values)
            if _is_constant(values):
                left_out.append(f"column {column.name} is left out: {_CONSTANT}")
            elif key in seen:
                reason = f"it repeats column {seen[key]} in every training row"
                left_out.append(f"column {column.name} is left out: {reason}")
            else:
                seen[key] = column.name
                columns.append(column)
    return Found(tuple(columns), tuple(left_out))


_CONSTANT = "it is the same in every training row"


def _useless(cells: Cells) -> str:
    """Return why a column is of no use, empty where it is."""
    present = ~cells.missing()
    n = int(present.sum())
    if n == 0:
        return "it is empty in every training row"
    words = cells.words()
    distinct = len(np.unique(words.codes[present]))
    if distinct == 1 and n == cells.n:
        return _CONSTANT
    if is_number_column(cells):
        return _row_number(cells, distinct)
    if not is_date_column(cells) and cells.n >= _FEW and distinct > _MOST_LEVELS * n:
        return f"it names its rows, or is prose: {distinct:,} different texts in {n:,} rows"
    return ""


def _row_number(cells: Cells, distinct: int) -> str:
    """Return that a column of numbers counts its rows, empty where it does not."""
    numbers = cells.numbers()
    if distinct < len(numbers) or cells.n < _FEW or not _are_whole(numbers):
        return ""
    span = numbers.max() - numbers.min() + 1
    # A fifth of the rows may have gone to the test split, and some more.
    if span <= 2 * len(numbers):
        return "it numbers its rows: a different whole number in each, without large gaps"
    if cells.name.strip().lower() in _ID_NAMES:
        return "it names its rows: a different whole number in each"
    return ""


def _are_whole(numbers: NDArray[np.float64]) -> bool:
    return bool((np.isfinite(numbers) & (np.floor(numbers) == numbers)).all())


def is_number_column(cells: Cells) -> bool:
    """Tell whether every cell that is there is a number, or true or false."""
    return not cells.is_category and not np.isinf(cells.numbers()).any()


def is_date_column(cells: Cells) -> bool:
    """Tell whether every cell that is there is a date."""
    return not cells.is_category and not np.isinf(cells.seconds()).any()


def _columns_of(cells: Cells, taken: set[str]) -> list[Column]:
    if is_number_column(cells):
        return [Column(cells.name, None), *_rest(cells, taken)]
    if is_date_column(cells):
        seconds = cells.seconds()
        has_time = bool((seconds[np.isfinite(seconds)] % _DAY != 0).any())
        parts: tuple[Part, ...] = (*_DATE_PARTS, "hour") if has_time else _DATE_PARTS
        return [_part(cells.name, part, taken) for part in parts]
    words = cells.words()
    used = np.unique(words.codes[words.codes >= 0])
    return [Column(cells.name, tuple(sorted(words.texts[code] for code in used)))]


def _rest(cells: Cells, taken: set[str]) -> list[Column]:
    """Return the column of what float32 leaves, where rounding makes different numbers equal."""
    numbers = cells.numbers()
    distinct = np.unique(numbers[np.isfinite(numbers)])
    if len(np.unique(distinct.astype(np.float32))) == len(distinct):
        return []
    return [_part(cells.name, "rest", taken)]


def _part(source: str, part: Part, taken: set[str]) -> Column:
    name = f"{source} ({part})"
    while name in taken:
        name = f"{name}'"
    taken.add(name)
    return Column(name, None, source, part)


def _is_constant(values: NDArray[np.float32]) -> bool:
    """Tell whether nothing differs, missing cells included."""
    missing = np.isnan(values)
    if missing.any():
        return bool(missing.all())
    return bool((values == values[0]).all())


def _content(column: Column, values: NDArray[np.float32]) -> bytes:
    # Columns repeat each other where each value of one goes with one value of the other.
    levels = repr(column.levels is not None).encode()
    if column.levels is not None:
        values = _renamed(values)
    return hashlib.sha256(levels + np.where(np.isnan(values), np.nan, values).tobytes()).digest()


def _renamed(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return codes by their first occurrence, so that other words for the same levels are equal."""
    _, first, inverse = np.unique(values, return_index=True, return_inverse=True)
    order = np.empty(len(first), dtype=np.float32)
    order[np.argsort(first)] = np.arange(len(first), dtype=np.float32)
    return order[inverse.reshape(-1)]
