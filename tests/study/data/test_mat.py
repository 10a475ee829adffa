"""A MATLAB file is read in EMNIST's form and by plain names, and what is wrong with it is said."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io
import scipy.sparse
from numpy.typing import NDArray

from search_spaces.data_source import AS_IT_IS, DataOptions
from search_spaces.faults import FaultError
from study.data.arrays import WholeData
from study.data.own_data import read_own_data

LIMIT = 1_000_000
X = np.arange(40 * 6, dtype=np.uint8).reshape(40, 6)
Y = np.arange(40) % 2
Variables = dict[str, Any]


@pytest.fixture
def mat(tmp_path: Path) -> Path:
    """Return the path of a file to write."""
    return tmp_path / "my.mat"


def read(mat: Path, variables: Variables, *, packed: bool = True) -> WholeData:
    """Write variables and read them."""
    scipy.io.savemat(mat, variables, do_compression=packed)
    return read_own_data(mat, AS_IT_IS, LIMIT)


def fault_of(mat: Path, options: DataOptions = AS_IT_IS, limit: int = LIMIT) -> str:
    with pytest.raises(FaultError) as caught:
        read_own_data(mat, options, limit)
    return str(caught.value).replace(str(mat), "my.mat")


def rows(whole: WholeData) -> list[bytes]:
    """Return all rows in an order that does not depend on the cut."""
    return sorted(row.tobytes() for row in np.concatenate([whole.train.inputs, whole.test.inputs]))


@pytest.mark.parametrize("packed", [True, False])
def test_the_form_of_emnist_has_its_images_turned(mat: Path, packed: bool) -> None:
    images = np.arange(6 * 9, dtype=np.uint8).reshape(6, 3, 3)
    stored = images.transpose(0, 2, 1).reshape(6, 9)
    labels = np.array([[1], [2], [3], [1], [2], [3]], dtype=np.uint8)
    split = {"images": stored, "labels": labels, "writers": labels}
    mapping = np.array([[1, 65], [2, 66], [3, 67]])
    content = {"dataset": {"train": split, "test": split, "mapping": mapping}}
    whole = read(mat, content, packed=packed)
    assert whole.image_shape == (3, 3)
    assert whole.train.inputs.tolist() == images.reshape(6, 9).tolist()
    assert whole.train.labels.tolist() == [0, 1, 2, 0, 1, 2]
    assert whole.classes == ("1", "2", "3")
    assert whole.notes == (
        (
            "the variables dataset.train.images, dataset.train.labels, dataset.test.images, "
            "dataset.test.labels are x_train, y_train, x_test, y_test"
        ),
        "x_train: images of 3 x 3, which stand column by column",
        "x_test: images of 3 x 3, which stand column by column",
    )


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (("X", "y"), Y.reshape(1, 40)),
        (("data", "label"), Y.reshape(40, 1).astype(float)),
        (("data", "labels"), np.array([["no"], ["yes"]], dtype=object)[Y]),
        (("images", "labels"), np.eye(2)[Y]),
    ],
)
def test_plain_variables_are_inputs_and_labels(
    mat: Path, names: tuple[str, str], labels: NDArray[Any]
) -> None:
    whole = read(mat, {names[0]: X, names[1]: labels, "note": "mine"})
    assert (whole.train.n, whole.test.n, len(whole.classes)) == (32, 8, 2)
    assert rows(whole) == sorted(row.tobytes() for row in X)
    assert whole.notes == (
        f"the variables {names[0]}, {names[1]} are the inputs, the labels",
        "8 of 40 rows are the test split, of every class its share",
    )


def test_texts_of_one_matrix_are_classes(mat: Path) -> None:
    whole = read(mat, {"X": X, "y": np.array(["no", "yes"])[Y]})
    assert whole.classes == ("no", "yes")


def test_variables_in_one_struct_are_taken(mat: Path) -> None:
    whole = read(mat, {"s": {"X": X, "y": Y}})
    assert whole.notes[0] == "the variables s.X, s.y are the inputs, the labels"


def test_four_variables_have_their_test_split(mat: Path) -> None:
    four = {"x_train": X, "y_train": Y, "x_test": X[:10], "y_test": Y[:10]}
    assert read(mat, four).test.inputs.tolist() == X[:10].tolist()


def test_a_last_axis_of_examples_comes_first(mat: Path) -> None:
    images = np.arange(3 * 2 * 3 * 40, dtype=np.uint16).reshape(3, 2, 3, 40)
    whole = read(mat, {"X": images, "y": Y})
    assert whole.image_shape == (3, 2, 3)
    assert rows(whole) == sorted(row.tobytes() for row in np.moveaxis(images, -1, 0))
    assert whole.notes[1] == "the inputs: the last axis counts the examples"


def test_doubles_of_whole_numbers_are_levels(mat: Path) -> None:
    whole = read(mat, {"X": X.astype(float), "y": Y})
    assert (whole.train.inputs.dtype, whole.full_scale) == (np.uint8, 255.0)
    assert whole.notes[1] == "the inputs are whole numbers, read as levels from 0 to 255"


def test_doubles_of_shares_stay_so(mat: Path) -> None:
    assert read(mat, {"X": X / 255, "y": Y}).full_scale == 1.0


def test_variables_of_other_names_are_listed(mat: Path) -> None:
    scipy.io.savemat(mat, {"a": X, "b": Y, "S": scipy.sparse.eye(3).tocsc()})
    assert fault_of(mat) == (
        "my.mat: no variables of a data set; got a 40 x 6, b 1 x 40; allowed: "
        "NAME.train.images, NAME.train.labels, NAME.test.images and NAME.test.labels; "
        "x_train, y_train, x_test and y_test; X and y; data and label; images and labels"
    )


def test_two_data_sets_in_a_file_are_refused(mat: Path) -> None:
    scipy.io.savemat(mat, {"one": {"X": X, "y": Y}, "two": {"X": X, "y": Y}})
    assert fault_of(mat) == (
        "my.mat: variables of more than one data set: one.X, one.y; two.X, two.y; "
        "allowed: one data set a file"
    )


def test_inputs_and_labels_that_do_not_go_together_are_refused(mat: Path) -> None:
    scipy.io.savemat(mat, {"X": X, "y": Y[:7]})
    assert fault_of(mat) == (
        "my.mat: not one label an input; got labels of shape (7,) for inputs of shape (40, 6)"
    )


def test_version_7_3_is_refused_with_the_way_out(mat: Path) -> None:
    mat.write_bytes(b"MATLAB 7.3 MAT-file".ljust(512) + b"\x89HDF\r\n\x1a\n")
    assert fault_of(mat) == (
        "my.mat: a MATLAB file of version 7.3 (HDF5); allowed: a file saved with save(..., '-v7')"
    )


@pytest.mark.parametrize("content", [b"", b"no MATLAB file", b"MATLAB"])
def test_another_file_of_that_name_is_refused(mat: Path, content: bytes) -> None:
    mat.write_bytes(content)
    assert fault_of(mat) == (
        "my.mat: not a MATLAB file of version 5 to 7; allowed: a file saved with save(..., '-v7')"
    )


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_cut_short_anywhere_is_one_message(mat: Path, packed: bool) -> None:
    scipy.io.savemat(mat, {"X": X, "y": Y}, do_compression=packed)
    content = mat.read_bytes()
    for length in range(10, len(content), 7):
        mat.write_bytes(content[:length])
        said = fault_of(mat)
        assert said.startswith("my.mat: ")
        assert "\n" not in said


def test_bytes_that_were_changed_give_data_or_one_message(mat: Path) -> None:
    scipy.io.savemat(mat, {"X": X, "y": Y}, do_compression=True)
    content = mat.read_bytes()
    for place in range(126, len(content), 5):
        mat.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        with suppress(FaultError):
            read_own_data(mat, AS_IT_IS, LIMIT)


def test_what_unpacks_to_too_much_is_refused(mat: Path) -> None:
    scipy.io.savemat(mat, {"X": np.zeros((2000, 1000)), "y": Y}, do_compression=True)
    assert fault_of(mat) == "my.mat: it unpacks to more than 1,000,000 bytes"
    assert fault_of(mat, limit=10) == (
        f"my.mat: the file is too large; got {mat.stat().st_size:,} bytes; allowed: up to 10 bytes"
    )


def test_options_of_tables_are_refused(mat: Path) -> None:
    scipy.io.savemat(mat, {"X": X, "y": Y})
    assert fault_of(mat, DataOptions(target="y")) == (
        "my.mat: options that a MATLAB file does not take; got --target; allowed: --test-share"
    )
    half = read_own_data(mat, DataOptions(test_share=0.5), LIMIT)
    assert (half.train.n, half.test.n) == (20, 20)
