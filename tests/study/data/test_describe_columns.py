"""The columns of a table are described by training rows alone."""

from dataclasses import replace

import numpy as np

from reports.data_columns import ColumnRecord
from study.data.columns import Column
from study.data.concerns import Concerns
from study.data.describe import describe
from study.data.describe_columns import describe_columns
from study.data.load import LoadedData
from study.data.sealed import SealedTest
from study.data.values import About, Examples, TrainingData

LEVELS = tuple(f"{number:02d}" for number in range(12))
COLUMNS = (Column("size", None), Column("colour", ("blue", "red")), Column("many", LEVELS))


def table() -> TrainingData:
    rows = np.zeros((24, 3), np.float32)
    rows[:, 0] = np.arange(24) / 4
    rows[:, 1] = np.arange(24) % 3 == 0
    rows[:, 2] = np.arange(24) % 12
    rows[:2, 0] = rows[2, 1] = np.nan
    about = About("table", (3,), ("a", "b"), 1.0, "3" * 64, 6, COLUMNS)
    return TrainingData(about, Examples(rows, np.arange(24, dtype=np.int32) % 2))


def test_ranges_levels_and_missing_values_are_counted():
    assert describe_columns(table()) == (
        ColumnRecord("size", "number", 2, "0.5 to 5.75"),
        ColumnRecord("colour", "category", 1, "blue (15), red (8)"),
        ColumnRecord(
            *("many", "category", 0),
            "00 (2), 01 (2), 02 (2), 03 (2), 04 (2), 05 (2), 06 (2), 07 (2), 08 (2), 09 (2) "
            "and 2 more",
        ),
    )


def test_a_column_without_a_value_holds_nothing():
    data = table()
    rows = data.examples.inputs.copy()
    rows[:, :2] = np.nan
    found = describe_columns(replace(data, examples=replace(data.examples, inputs=rows)))
    assert [one.holds for one in found[:2]] == ["nothing", "blue (0), red (0)"]


def test_a_table_has_columns_in_place_of_samples():
    def poisoned() -> Examples:
        raise AssertionError("the test split was read")

    loaded = LoadedData(table(), SealedTest(6, "3" * 64, poisoned), Concerns())
    record = describe(loaded, None)
    assert record.samples == ()
    assert record.columns == describe_columns(table())
