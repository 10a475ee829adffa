from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from search_spaces.faults import FaultError
from study.bundle.predict_inputs import read_inputs
from study.data.values import About

DIGITS = About("digits", (4, 4), tuple("0123456789"), 16.0, "f" * 64, 10)
TABLE = About("iris", (5,), ("a", "b"), 1.0, "f" * 64, 10)


def _read(path: Path, about: About) -> np.ndarray:
    return read_inputs(path, about, bright_background=False)


def _refusal(path: Path, about: About = DIGITS) -> str:
    with pytest.raises(FaultError) as error:
        _read(path, about)
    return str(error.value).replace(str(path.parent), "HERE")


def test_an_image_comes_in_the_data_set_s_scale(tmp_path: Path) -> None:
    grey = np.zeros((4, 4), np.uint8)
    grey[1, 2] = 255
    Image.fromarray(grey).save(tmp_path / "a.png")

    inputs = _read(tmp_path / "a.png", DIGITS)

    assert inputs.shape == (1, 16)
    assert inputs[0].tolist() == [0] * 6 + [16] + [0] * 9


@pytest.mark.parametrize("shape", [(4, 4), (16,), (1, 4, 4), (3, 4, 4), (2, 16)])
def test_an_array_is_taken_as_it_is_in_any_of_its_forms(
    tmp_path: Path, shape: tuple[int, ...]
) -> None:
    values = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
    np.save(tmp_path / "a.npy", values)

    np.testing.assert_array_equal(_read(tmp_path / "a.npy", DIGITS), values.reshape(-1, 16))


def test_data_without_images_takes_arrays_only(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.ones((2, 5), np.float64))
    Image.new("L", (5, 1)).save(tmp_path / "a.png")

    assert _read(tmp_path / "a.npy", TABLE).shape == (2, 5)
    assert _refusal(tmp_path / "a.png", TABLE) == (
        "HERE/a.png: iris holds no images; got .png; allowed: a .npy array of shape 5"
    )


def test_arrays_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "shape.npy", np.zeros((5, 4)))
    np.save(tmp_path / "words.npy", np.full((4, 4), "a"))
    np.save(tmp_path / "nan.npy", np.full((4, 4), np.nan))

    assert _refusal(tmp_path / "shape.npy") == (
        "HERE/shape.npy: array of a wrong shape; got (5, 4); "
        "allowed: (4, 4), (16,), or a stack of these along a first axis"
    )
    assert _refusal(tmp_path / "words.npy") == (
        "HERE/words.npy: array of a wrong kind; got 16 of <U1; "
        "allowed: fewer than 10,000,000 whole or floating-point numbers"
    )
    assert _refusal(tmp_path / "nan.npy") == (
        "HERE/nan.npy: array with values that are no finite numbers"
    )


def test_pickles_archives_and_cut_files_are_refused_unread(tmp_path: Path) -> None:
    np.save(tmp_path / "pickle.npy", np.array([{}], object), allow_pickle=True)
    np.save(tmp_path / "cut.npy", np.zeros((4, 4)))
    (tmp_path / "cut.npy").write_bytes((tmp_path / "cut.npy").read_bytes()[:-1])
    np.savez(tmp_path / "archive.npz", np.zeros((4, 4)))
    (tmp_path / "archive.npz").rename(tmp_path / "archive.npy")
    (tmp_path / "empty.npy").write_bytes(b"")
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (9000000000, 16), }".ljust(117)
    (tmp_path / "liar.npy").write_bytes(
        b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + header.encode() + b"\n"
    )

    for name in ("pickle", "cut", "archive", "empty", "liar"):
        message = _refusal(tmp_path / f"{name}.npy")
        assert message.startswith(f"HERE/{name}.npy: no readable .npy array; got "), message
