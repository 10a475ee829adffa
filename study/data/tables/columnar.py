"""Read Parquet and Arrow files, whose columns have types of their own."""

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from search_spaces.faults import fault
from study.data.tables.cells import Cells, NumberCells, TextCells, text_cells

_INDEX = "__index_level_0__"  # pandas's own
_EXACT = 2**53


def read_parquet(content: bytes, limit_bytes: int, where: str) -> tuple[list[Cells], list[str]]:
    """Return the columns of a Parquet file, and a line for each that holds no single values."""
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        sizes = [file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups)]
        _check_size(sum(sizes), limit_bytes, where)
        _check_size(file.metadata.num_rows * 8 * file.metadata.num_columns, limit_bytes, where)
        return _columns(file.read(use_threads=False), where)
    except _BROKEN as error:
        raise _unreadable(where, "Parquet", error) from error


def read_arrow(content: bytes, limit_bytes: int, where: str) -> tuple[list[Cells], list[str]]:
    """Return the columns of an Arrow or Feather file, likewise."""
    try:
        with pa.ipc.open_file(pa.BufferReader(content)) as reader:
            table = reader.read_all()
            table.validate(full=True)
        _check_size(table.nbytes, limit_bytes, where)
        return _columns(table, where)
    except _BROKEN as error:
        raise _unreadable(where, "Arrow", error) from error


_BROKEN = (pa.ArrowException, OSError, ValueError, TypeError, OverflowError, MemoryError, KeyError)


def _unreadable(where: str, form: str, error: Exception) -> Exception:
    lines = str(error).splitlines() or [type(error).__name__]
    return fault(where, f"the file cannot be read as {form}: {lines[0]}")


def _check_size(size: int, limit_bytes: int, where: str) -> None:
    if size > limit_bytes:
        raise fault(where, "the table is too large", f"{size:,} bytes", f"up to {limit_bytes:,}")


def _columns(table: pa.Table, where: str) -> tuple[list[Cells], list[str]]:
    names = table.column_names
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise fault(where, "columns of the same name", ", ".join(twice), "a name for each column")
    cells: list[Cells] = []
    notes = []
    for name in names:
        column = table.column(name)
        if name == _INDEX:
            continue
        found = _cells(name, column)
        if found is None:
            notes.append(f"column {name} is left out: it holds {column.type}, no single values")
        else:
            cells.append(found)
    return cells, notes


def _cells(name: str, column: pa.ChunkedArray) -> Cells | None:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_boolean(kind):
        return NumberCells(name, _values(column.cast(pa.int8())))
    if pa.types.is_integer(kind) and _are_exact(column):
        return NumberCells(name, _values(column))
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return NumberCells(name, _values(column.cast(pa.float64(), safe=False)))
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        microseconds = column.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
        return NumberCells(name, _values(microseconds) / 1e6, is_date=True)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind):
        return _texts(name, column.cast(pa.string()))
    return None


def _are_exact(column: pa.ChunkedArray) -> bool:
    bounds: dict[str, Any] = pc.min_max(column).as_py()
    known = [one for one in bounds.values() if one is not None]
    return all(abs(one) <= _EXACT for one in known)


def _values(column: pa.ChunkedArray) -> NDArray[np.float64]:
    filled = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return np.asarray(filled, dtype=np.float64)


def _texts(name: str, column: pa.ChunkedArray) -> TextCells:
    array = column.combine_chunks().dictionary_encode()
    if isinstance(array, pa.ChunkedArray):
        array = array.unify_dictionaries().chunk(0)
    codes = array.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    cells = text_cells(name, array.dictionary.to_pylist(), codes)
    return replace(cells, is_category=True)
