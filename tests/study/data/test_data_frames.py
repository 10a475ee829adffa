"""Data sets given as pandas data frames and series, with the types that pandas has."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from search_spaces.data_source import DataOptions
from search_spaces.faults import FaultError
from study.data.from_memory import save_arrays, save_frame
from study.data.load import load_data

VALUES = np.arange(160, dtype=np.uint8).reshape(40, 4)
FRAME = pd.DataFrame(VALUES, columns=list("abcd"))
ANIMALS = ["cat", "dog"] * 20


def split(frame: Any, labels: Any) -> dict[str, Any]:
    return {
        "x_train": frame[:30],
        "y_train": labels[:30],
        "x_test": frame[30:],
        "y_test": labels[30:],
    }


def saved(frame: Any, labels: Any, folder: Path) -> str:
    return save_arrays(split(frame, labels), folder).name


@pytest.mark.parametrize("dtype", [object, "str", "string", "category"])
def test_labels_of_any_kind_of_string_are_the_same_data(dtype: Any, tmp_path: Path) -> None:
    labels = pd.Series(ANIMALS, dtype=dtype)
    assert saved(FRAME, labels, tmp_path) == saved(VALUES, np.array(ANIMALS), tmp_path)
    (path,) = tmp_path.iterdir()
    assert load_data(str(path), {}).training.about.classes == ("cat", "dog")


@pytest.mark.parametrize("dtype", ["uint8", "int64", "Int64", "UInt8"])
def test_whole_numbers_of_any_kind_are_the_same_data(dtype: str, tmp_path: Path) -> None:
    labels = pd.Series([0, 1] * 20)
    assert saved(FRAME.astype(dtype), labels, tmp_path) == saved(VALUES, labels, tmp_path)


def test_a_missing_value_is_refused(tmp_path: Path) -> None:
    frame = FRAME.astype("Int64")
    frame.iloc[0, 0] = pd.NA
    with pytest.raises(FaultError) as caught:
        saved(frame, pd.Series(ANIMALS), tmp_path)
    assert str(caught.value) == (
        "data, x_train: inputs of the wrong type; got object; "
        "allowed: integers 0-255 or 0-65535, or floats 0-1"
    )


def test_labels_of_mixed_types_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FaultError, match="y_train: labels of the wrong type; got object"):
        saved(FRAME, pd.Series([1, "1"] * 20, dtype=object), tmp_path)


MIXED = pd.DataFrame(
    {
        "size": np.arange(40) / 3,
        "colour": pd.Categorical(["red", "blue", "red", "green"] * 10),
        "seen": pd.date_range("2026-01-01", periods=40),
        "animal": ANIMALS,
    },
    index=np.arange(100, 140),
)


def read_frame(frame: Any, folder: Path) -> Any:
    path = save_frame(frame, folder, "data")
    return load_data(str(path), {}, options=DataOptions(target="animal")).training


def test_a_frame_is_the_data_that_its_csv_file_is(tmp_path: Path) -> None:
    MIXED.to_csv(tmp_path / "own.csv", index=False)
    options = DataOptions(target="animal")
    written = load_data(str(tmp_path / "own.csv"), {}, options=options).training
    given = read_frame(MIXED, tmp_path)
    assert given.about.fingerprint == written.about.fingerprint
    assert [column.name for column in given.about.columns][:2] == ["size", "colour"]


def test_a_frame_of_arrow_is_that_of_pandas(tmp_path: Path) -> None:
    table = pa.Table.from_pandas(MIXED, preserve_index=False)
    given = read_frame(table, tmp_path)
    assert given.about.fingerprint == read_frame(MIXED, tmp_path).about.fingerprint
    assert len(list(tmp_path.iterdir())) == 1  # the same content is written once


def test_a_frame_that_parquet_cannot_hold_is_one_message(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": [1, "a", 2.5], "animal": ["cat", "dog", "cat"]}, dtype=object)
    with pytest.raises(FaultError, match=r"^data: the data frame cannot be written as Parquet: "):
        save_frame(frame, tmp_path, "data")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("names", [("x", "y"), ("X", "y"), ("data", "target")])
def test_inputs_and_labels_alone_get_a_test_split(names: tuple[str, str], tmp_path: Path) -> None:
    path = save_arrays(dict(zip(names, (VALUES, ANIMALS), strict=True)), tmp_path)
    for share, rows in ((0.0, 8), (0.5, 20)):
        loaded = load_data(str(path), {}, options=DataOptions(test_share=share))
        assert (loaded.test.test_n, loaded.training.examples.n) == (rows, 40 - rows)
    again = save_arrays(
        {"X_train": VALUES, "y_train": ANIMALS, "X_test": VALUES[:6] + 1, "y_test": ANIMALS[:6]},
        tmp_path,
    )
    assert load_data(str(again), {}).test.test_n == 6


def test_inputs_and_labels_of_unequal_length_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FaultError) as caught:
        save_arrays({"x": VALUES, "y": ANIMALS[:-1]}, tmp_path)
    assert str(caught.value) == (
        "data: not one label an input; got labels of shape (39,) for inputs of shape (40, 4)"
    )
    assert list(tmp_path.iterdir()) == []
