"""A known name is looked for in a fixed order, and a known content is recognised in any file."""

import gzip
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from search_spaces.faults import FaultError
from study.data.idx import IDX_FILES
from study.data.known import KNOWN
from study.data.load import load_data
from study.data.places import download_folder, keras_folder
from study.data.sources import local_source

Arrays = dict[str, NDArray[Any]]


def test_digits_are_always_there() -> None:
    loaded = load_data("digits", {})
    about = loaded.training.about
    assert (about.name, about.image_shape, about.full_scale) == ("digits", (8, 8), 16.0)
    assert (loaded.training.examples.n, loaded.test.test_n, about.test_n) == (1438, 359, 359)
    assert about.classes == tuple("0123456789")


def test_a_file_has_its_own_name(arrays: Arrays, write_npz: Callable[..., Path]) -> None:
    assert load_data(str(write_npz(arrays, "my digits.npz")), {}).training.about.name == "my digits"


def test_a_file_that_is_merely_called_mnist_is_not_mnist(
    arrays: Arrays, write_npz: Callable[..., Path]
) -> None:
    assert load_data(str(write_npz(arrays, "mnist.npz")), {}).training.about.name == "mnist.npz"


@pytest.mark.mnist
def test_mnist_is_recognised_under_another_name(mnist_path: Path, tmp_path: Path) -> None:
    shutil.copy(mnist_path, tmp_path / "other.npz")
    loaded = load_data(str(tmp_path / "other.npz"), {})
    assert loaded.training.about.name == "mnist"
    assert (loaded.training.examples.n, loaded.test.test_n) == (60_000, 10_000)
    # A few figures of the published set: mean pixel and the first labels.
    assert loaded.training.examples.inputs.mean() == pytest.approx(33.318421, abs=1e-6)
    assert loaded.training.examples.labels[:8].tolist() == [5, 0, 4, 1, 9, 2, 1, 3]


@pytest.mark.mnist
def test_mnist_is_found_in_the_given_folder(mnist_path: Path) -> None:
    loaded = load_data("mnist", {"DENSE_STUDY_DATA": str(mnist_path.parent)})
    assert loaded.training.about.name == "mnist"


def test_a_known_name_with_other_content_is_reported(
    arrays: Arrays, write_npz: Callable[..., Path], tmp_path: Path
) -> None:
    path = write_npz(arrays, "mnist.npz")
    found = load_data(str(path), {}).training.about.fingerprint
    with pytest.raises(FaultError) as caught:
        load_data("mnist", {"DENSE_STUDY_DATA": str(tmp_path)})
    assert str(caught.value) == (
        f"{path}: these are not the arrays of mnist; got {found[:16]}; "
        "allowed: fingerprint 9a056fba149ce4bf"
    )


@pytest.mark.parametrize(
    ("name", "got", "meant"),
    [
        ("", "''", ""),
        ("minst", "'minst'", " (did you mean mnist?)"),
        ("no/such.npz", "'no/such.npz'", ""),
        ("x" * 5000, f"'{'x' * 146}...{'x' * 149}'", ""),
        ("nul\0.npz", r"'nul\x00.npz'", ""),
    ],
)
def test_what_is_neither_name_nor_file_is_reported(name: str, got: str, meant: str) -> None:
    with pytest.raises(FaultError) as caught:
        load_data(name, {})
    assert str(caught.value) == (
        f"--data: no such data set or file{meant}; got {got}; "
        "allowed: digits, iris, wine, breast_cancer, mnist, "
        "fashion-mnist or the path of your own data"
    )


def test_places_are_looked_at_in_their_order(tmp_path: Path) -> None:
    environ = {
        "DENSE_STUDY_DATA": str(tmp_path / "given"),
        "KERAS_HOME": str(tmp_path / "keras"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    ordered = [
        tmp_path / "given" / "mnist.npz",
        tmp_path / "keras" / "datasets" / "mnist.npz",
        tmp_path / "cache" / "dense-study" / "mnist.npz",
    ]
    for path in ordered:
        path.parent.mkdir(parents=True)
        path.write_bytes(b"")
    for path in ordered:
        source = local_source("mnist", environ)
        assert source is not None
        assert source.place == str(path)
        path.unlink()
    assert local_source("mnist", environ) is None


def test_folders_follow_the_environment(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path)}
    assert keras_folder(home) == tmp_path / ".keras" / "datasets"
    assert keras_folder({**home, "KERAS_HOME": "/k"}) == Path("/k/datasets")
    assert download_folder({**home, "XDG_CACHE_HOME": "/c"}) == Path("/c/dense-study")
    assert download_folder(home).is_relative_to(tmp_path)


def idx(array: NDArray[np.uint8]) -> bytes:
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return gzip.compress(head + array.tobytes(), compresslevel=1)


@pytest.fixture
def like_fashion() -> Arrays:
    """Arrays of Fashion-MNIST's sizes, types and images a class, with hardly any content."""
    made: Arrays = {}
    for split, n in (("train", 60_000), ("test", 10_000)):
        made[f"x_{split}"] = np.zeros((n, 28, 28), np.uint8)
        made[f"y_{split}"] = (np.arange(n) % 10).astype(np.uint8)
    return made


def write_idx(arrays: Arrays, folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, filename in IDX_FILES.items():
        (folder / filename).write_bytes(idx(arrays[name]))


def test_fashion_mnist_is_read_from_the_four_files_of_keras_cache(
    like_fashion: Arrays, tmp_path: Path
) -> None:
    write_idx(like_fashion, tmp_path / "datasets" / "fashion-mnist")
    loaded = load_data("fashion-mnist", {"KERAS_HOME": str(tmp_path), "HOME": str(tmp_path)})
    about = loaded.training.about
    assert (about.name, about.image_shape, about.test_n) == ("fashion-mnist", (28, 28), 10_000)
    assert about.classes == KNOWN["fashion-mnist"].class_names
    np.testing.assert_array_equal(loaded.training.examples.labels, like_fashion["y_train"])


def test_three_of_four_files_are_not_taken_for_fashion_mnist(
    like_fashion: Arrays, tmp_path: Path
) -> None:
    folder = tmp_path / "datasets" / "fashion-mnist"
    write_idx(like_fashion, folder)
    (folder / "t10k-labels-idx1-ubyte.gz").unlink()
    assert local_source("fashion-mnist", {"KERAS_HOME": str(tmp_path), "HOME": "/none"}) is None


def test_another_set_in_fashion_mnists_place_is_reported(
    like_fashion: Arrays, tmp_path: Path
) -> None:
    labels = like_fashion["y_train"].copy()
    labels[0] = 1
    spoiled = {**like_fashion, "y_train": labels, "x_train": like_fashion["x_train"][:, 1:]}
    spoiled["x_test"] = like_fashion["x_test"][:, 1:]
    folder = tmp_path / "datasets" / "fashion-mnist"
    write_idx(spoiled, folder)
    with pytest.raises(FaultError) as caught:
        load_data("fashion-mnist", {"KERAS_HOME": str(tmp_path), "HOME": str(tmp_path)})
    assert str(caught.value) == (
        f"{folder}: this is not fashion-mnist; got uint8 images of (27, 28); "
        "allowed: uint8, (28, 28)\n"
        f"{folder}: these are not the training labels of fashion-mnist; "
        "got [5999, 6001, 6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000]; allowed: 6,000 a class"
    )
