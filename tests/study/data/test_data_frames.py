"""Data sets given as pandas data frames and series, with the types that pandas has."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from search_spaces.faults import FaultError
from study.data.from_arrays import save_arrays
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
