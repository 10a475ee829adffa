"""What is saved and read back is the same data set, to the fingerprint."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from search_spaces.faults import FaultError
from study.data.arrays import fingerprint
from study.data.built_in.digits import read_digits
from study.data.parse import read_whole, whole_data
from study.data.save import save_npz

Arrays = dict[str, NDArray[Any]]
LIMIT = 10_000_000

KINDS: dict[str, Callable[[Arrays], Arrays]] = {
    "bytes": lambda a: a,
    "bytes of another scale": lambda a: {**a, "full_scale": np.array(128)},
    "16 bits": lambda a: {name: array.astype(np.uint16) for name, array in a.items()},
    "floats": lambda a: {**a, "x_train": a["x_train"] / 255, "x_test": a["x_test"] / 255},
    "booleans": lambda a: {**a, "x_train": a["x_train"] > 9, "x_test": a["x_test"] > 80},
    "flat": lambda a: {**a, "x_train": a["x_train"][:, 0], "x_test": a["x_test"][:, 0]},
}


@pytest.mark.parametrize("kind", KINDS)
def test_inputs_of_every_kind_come_back(kind: str, arrays: Arrays, tmp_path: Path) -> None:
    whole = whole_data(KINDS[kind](arrays))
    save_npz(whole, tmp_path / "saved.npz")
    assert fingerprint(read_whole(tmp_path / "saved.npz", LIMIT)) == fingerprint(whole)


@given(
    classes=st.sets(st.integers(-12, 12), min_size=2, max_size=4)
    | st.sets(st.text("019-a", min_size=1, max_size=3), min_size=2, max_size=4)
)
@example(classes={"--0", "0"})
@example(classes={"1" + 20 * "0", "2" + 20 * "0"})
def test_labels_of_every_kind_come_back(
    classes: set[int] | set[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    labels = np.array([*classes, *classes])
    inputs = np.arange(labels.size, dtype=np.uint8)[:, np.newaxis]
    of_both = {"x_train": inputs, "y_train": labels, "x_test": inputs, "y_test": labels}
    whole = whole_data(of_both)
    saved = tmp_path_factory.mktemp("saved") / "saved.npz"
    save_npz(whole, saved)
    assert fingerprint(read_whole(saved, LIMIT)) == fingerprint(whole)


def test_the_digits_come_back_with_their_scale_and_a_script_reads_them(tmp_path: Path) -> None:
    whole = read_digits()
    save_npz(whole, tmp_path / "digits.npz")
    assert fingerprint(read_whole(tmp_path / "digits.npz", LIMIT)) == fingerprint(whole)
    with np.load(tmp_path / "digits.npz", allow_pickle=False) as arrays:
        assert float(arrays["full_scale"]) == 16
        assert arrays["x_train"].shape == (1438, 8, 8)
        assert sorted(set(arrays["y_test"].tolist())) == list(range(10))


def test_a_file_that_is_there_is_kept(arrays: Arrays, tmp_path: Path) -> None:
    target = tmp_path / "mine.npz"
    target.write_text("precious")
    with pytest.raises(FaultError) as caught:
        save_npz(whole_data(arrays), target)
    assert str(caught.value) == f"{target}: there is a file already, and it is kept"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.npz"]
    assert target.read_text() == "precious"


def test_a_folder_that_is_not_there_is_reported(arrays: Arrays, tmp_path: Path) -> None:
    target = tmp_path / "none" / "mine.npz"
    with pytest.raises(FaultError) as caught:
        save_npz(whole_data(arrays), target)
    assert str(caught.value) == f"{target}: cannot be written: No such file or directory"
