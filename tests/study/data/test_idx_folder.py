"""A folder of MNIST's own files is read, gzipped or not, with a test split or without."""

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from search_spaces.data_source import AS_IT_IS, DataOptions
from search_spaces.faults import FaultError
from study.data.own_data import read_own_data

LIMIT = 1_000_000
Arrays = dict[str, NDArray[Any]]


def idx(array: NDArray[Any]) -> bytes:
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return head + array.tobytes()


NAMES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}
OTHER = {
    "x_train": "emnist-letters-train-images.idx3-ubyte",
    "y_train": "emnist-letters-train-labels.idx1-ubyte",
    "x_test": "emnist-letters-test-images.idx3-ubyte",
    "y_test": "emnist-letters-test-labels.idx1-ubyte",
}


@pytest.mark.parametrize("names", [NAMES, OTHER])
@pytest.mark.parametrize("packed", [False, True])
def test_four_files_are_a_data_set(
    names: dict[str, str], packed: bool, arrays: Arrays, tmp_path: Path
) -> None:
    for name, file in names.items():
        content = idx(arrays[name])
        if packed:
            (tmp_path / f"{file}.gz").write_bytes(gzip.compress(content))
        else:
            (tmp_path / file).write_bytes(content)
    whole = read_own_data(tmp_path, AS_IT_IS, LIMIT)
    np.testing.assert_array_equal(whole.test.inputs, arrays["x_test"].reshape(6, 6))
    np.testing.assert_array_equal(whole.train.labels, arrays["y_train"])
    assert (whole.image_shape, whole.notes) == ((2, 3), ())


def test_training_files_alone_have_a_test_split_cut_off(arrays: Arrays, tmp_path: Path) -> None:
    for name in ("x_train", "y_train"):
        (tmp_path / NAMES[name]).write_bytes(idx(arrays[name]))
    whole = read_own_data(tmp_path, DataOptions(test_share=0.25), LIMIT)
    assert (whole.train.n, whole.test.n) == (9, 3)
    assert whole.notes == ("3 of 12 rows are the test split, of every class its share",)


def test_a_missing_and_a_broken_file_are_reported(arrays: Arrays, tmp_path: Path) -> None:
    for name in ("x_train", "y_train", "x_test"):
        (tmp_path / NAMES[name]).write_bytes(idx(arrays[name])[:-1])
    with pytest.raises(FaultError) as caught:
        read_own_data(tmp_path, AS_IT_IS, LIMIT)
    assert str(caught.value) == (
        f"{tmp_path}: idx files are missing: those of y_test; got t10k-images-idx3-ubyte, "
        "train-images-idx3-ubyte, train-labels-idx1-ubyte; "
        "allowed: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-..."
    )
    (tmp_path / NAMES["x_test"]).unlink()
    with pytest.raises(FaultError) as caught:
        read_own_data(tmp_path, AS_IT_IS, LIMIT)
    assert str(caught.value) == (
        f"{tmp_path}/train-images-idx3-ubyte: the file cannot be read: it holds 71 of 72 bytes\n"
        f"{tmp_path}/train-labels-idx1-ubyte: the file cannot be read: it holds 11 of 12 bytes"
    )
