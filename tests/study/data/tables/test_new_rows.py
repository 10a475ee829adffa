"""New rows are matched to a network's columns by name, whatever their order."""

from pathlib import Path

import numpy as np
import pytest

from search_spaces.faults import FaultError
from study.data.columns import Column
from study.data.table_rows import read_table_rows

COLUMNS = (
    Column("size", None),
    Column("colour", ("blue", "red")),
    Column("day (year)", None, "day", "year"),
    Column("day (month)", None, "day", "month"),
)


def written(folder: Path, *lines: str) -> Path:
    path = folder / "new.csv"
    path.write_text("\n".join(lines))
    return path


def test_columns_come_in_any_order_and_more_are_named(tmp_path: Path):
    path = written(
        tmp_path,
        "colour,day,id,kind,size",
        "red,2024-03-01,7,a,1.5",
        "green,,8,b,",
        ",2023-12-31,9,b,x",
    )
    rows, notes = read_table_rows(path, COLUMNS)
    assert rows.dtype == np.float32
    np.testing.assert_array_equal(
        rows,
        [[1.5, 1, 2024, 3], [np.nan, -1, np.nan, np.nan], [np.nan, np.nan, 2023, 12]],
    )
    assert notes == ("columns that the network does not use: id, kind",)


def test_missing_columns_are_named_at_once(tmp_path: Path):
    path = written(tmp_path, "Size,day", "1,2024-03-01", "2,2024-03-02")
    with pytest.raises(FaultError) as caught:
        read_table_rows(path, COLUMNS)
    assert str(caught.value) == (
        f"{path}: columns that the network needs are missing: size, colour; got Size, day; "
        "allowed: size, colour, day"
    )


def test_one_missing_column_may_be_a_mistyped_one(tmp_path: Path):
    path = written(tmp_path, "size,color,day", "1,red,2024-03-01", "2,blue,2024-03-02")
    with pytest.raises(FaultError) as caught:
        read_table_rows(path, COLUMNS)
    assert "are missing: colour (did you mean color?); got size, color, day" in str(caught.value)
