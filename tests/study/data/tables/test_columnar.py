"""Parquet, Arrow and ARFF files hold the same data as a text table of the same rows."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_spaces.data_source import DataOptions
from study.data.arrays import WholeData, fingerprint
from study.data.own_data import read_own_data
from study.data.tables.cells import NumberCells
from study.data.tables.encode import encode_column
from study.data.tables.kinds import find_columns

LIMIT = 50_000_000
HEAD = "age,city,day,big,label"
MADE = [
    f"{20 + row % 9}.5,{'Bern' if row % 3 else 'Ulm'},2024-0{1 + row % 9}-1{row % 7}T0{row % 4}:00,"
    f"{2**30 * (row % 2) + row % 5},{'ab'[row % 2]}"
    for row in range(60)
]


@pytest.fixture
def whole(tmp_path: Path) -> WholeData:
    (tmp_path / "train.csv").write_text("\n".join([HEAD, *MADE]))
    return read_own_data(tmp_path / "train.csv", DataOptions(target="label"), LIMIT)


def as_arrow() -> pa.Table:
    rows = [line.split(",") for line in MADE]
    age, city, day, big, label = map(list, zip(*rows, strict=True))
    return pa.table(
        {
            "age": pa.array(map(float, age)),
            "city": pa.array(city).dictionary_encode(),
            "day": pa.array(np.array(day, dtype="datetime64[s]")),
            "big": pa.array(map(int, big), pa.int64()),
            "label": pa.array(label),
        }
    )


WRITERS: dict[str, Callable[[pa.Table, Path], None]] = {
    "parquet": lambda table, path: pa.parquet.write_table(table, path, row_group_size=7),
    "feather": pa.feather.write_feather,
}


@pytest.mark.parametrize("form", WRITERS)
def test_a_columnar_file_holds_the_same_data_as_a_csv_file(
    form: str, whole: WholeData, tmp_path: Path
) -> None:
    path = tmp_path / f"train.{form}"
    WRITERS[form](as_arrow(), path)
    other = read_own_data(path, DataOptions(target="label"), LIMIT)
    assert other.columns == whole.columns
    assert fingerprint(other) == fingerprint(whole)
    assert other.test_identity == whole.test_identity


def test_columns_of_no_single_values_are_left_out(tmp_path: Path) -> None:
    table = as_arrow().append_column("tags", pa.array([[1, 2]] * 60))
    table = table.append_column("flag", pa.array([True, False, None] * 20))
    pa.parquet.write_table(table, tmp_path / "t.parquet")
    whole = read_own_data(tmp_path / "t.parquet", DataOptions(target="label"), LIMIT)
    assert "column tags is left out: it holds list<element: int64>, no single values" in whole.notes
    flag = whole.train.inputs[:, [c.name for c in whole.columns].index("flag")]
    assert set(flag[~np.isnan(flag)]) == {0, 1}


ARFF = """\
% a comment
@RELATION weather
@attribute 'outlook now' {sunny, overcast, 'very rainy'}
@attribute humidity REAL
@attribute code {1,2}
@attribute note string
@attribute class {yes, no}
@data
"""


def test_arff_says_which_numbers_are_names(tmp_path: Path) -> None:
    outlooks = ("sunny", "overcast", "'very rainy'", "?")
    rows = []
    for row in range(24):
        note, label = f"'it\\'s, {row % 3}'", ("yes", "no")[row % 3 == 0]
        rows.append(f"{outlooks[row % 4]}, {70 + row}.5, {1 + row % 2}, {note}, {label}")
    (tmp_path / "w.arff").write_text(ARFF + "\n".join(["% more", *rows]))
    whole = read_own_data(tmp_path / "w.arff", DataOptions(), LIMIT)
    assert [(column.name, column.levels) for column in whole.columns] == [
        ("outlook now", ("overcast", "sunny", "very rainy")),
        ("humidity", None),
        ("code", ("1", "2")),
        ("note", ("it's, 0", "it's, 1", "it's, 2")),
    ]
    assert whole.classes == ("no", "yes")


@given(st.lists(st.floats(-1e30, 1e30) | st.integers(-(2**52), 2**52), min_size=2, max_size=40))
def test_a_number_and_its_rest_are_the_number(values: list[float]) -> None:
    cells = NumberCells("x", np.array(values, dtype=np.float64))
    found = find_columns([cells]).columns
    total = sum(encode_column(column, cells).astype(np.float64) for column in found)
    if len(found) == 2:
        np.testing.assert_allclose(total, cells.values, rtol=2**-47, atol=1e-38)
    elif len(found) == 1 and found[0].part == "":
        # Where float32 keeps all numbers apart, each is itself to float32's precision.
        np.testing.assert_allclose(total, cells.values, rtol=2**-23, atol=1e-38)
