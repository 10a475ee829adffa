"""Data files from anywhere: scaled, transposed, misnamed, damaged, or made to harm."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from search_spaces.faults import FaultError
from study.cli import exit_code
from study.data.parse import read_whole

LIMIT = 100_000_000
Arrays = dict[str, NDArray[Any]]
rng = np.random.default_rng(1)


@pytest.fixture
def arrays() -> Arrays:
    """Floats 0-1 of two classes, as scaling leaves them."""
    x_train, x_test = rng.random((20, 64)), rng.random((6, 64))
    x_train[0, 0], x_train[1, 0] = 0.0, 1.0
    return {
        "x_train": x_train,
        "y_train": np.array([0, 1] * 10),
        "x_test": x_test,
        "y_test": np.array([0, 1] * 3),
    }


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[Arrays], Path]:
    def save(arrays: Arrays) -> Path:
        np.savez(tmp_path / "data.npz", **arrays)  # type: ignore[arg-type]
        return tmp_path / "data.npz"

    return save


Saved = Callable[[Arrays], Path]


def message_of(path: Path) -> str:
    with pytest.raises(FaultError) as caught:
        read_whole(path, LIMIT)
    assert len(str(caught.value)) <= 2000
    return str(caught.value)


@pytest.mark.parametrize("beyond", [1.0000000000000002, 1.0000005, np.nextafter(np.float32(1), 2)])
def test_rounding_errors_of_a_scaler_are_put_back(
    beyond: float, arrays: Arrays, saved: Saved
) -> None:
    arrays["x_train"][1, 0] = beyond
    arrays["x_train"][0, 0] = 1 - beyond
    whole = read_whole(saved(arrays), LIMIT)
    assert (whole.train.inputs.min(), whole.train.inputs.max()) == (0.0, 1.0)
    inside = slice(2, None)
    np.testing.assert_array_equal(
        whole.train.inputs[inside], arrays["x_train"][inside].astype(np.float32)
    )


def test_test_inputs_scaled_by_training_rows_are_taken_as_they_are(
    arrays: Arrays, saved: Saved, capsys: pytest.CaptureFixture[str]
) -> None:
    arrays["x_test"][0, :2] = (-0.25, 1.25)
    path = saved(arrays)
    whole = read_whole(path, LIMIT)
    assert whole.test.inputs[0, :2].tolist() == [-0.25, 1.25]
    assert exit_code(["data", "check", str(path)]) == 0
    assert "test values: 1 test inputs lie outside 0-1" in capsys.readouterr().out


def test_standardised_inputs_are_refused_with_the_way_to_scale(
    arrays: Arrays, saved: Saved
) -> None:
    arrays["x_train"] = (arrays["x_train"] - 0.5) / 0.25
    message = message_of(saved(arrays))
    assert "scale them by a scaler that was fitted on x_train alone" in message
    assert message.count("\n") == 0


def test_training_inputs_may_not_be_outside_as_test_inputs_may(
    arrays: Arrays, saved: Saved
) -> None:
    arrays["x_train"][0, 0] = 1.25
    assert "x_train: floats outside 0-1" in message_of(saved(arrays))
    arrays["x_train"][0, 0] = 1.0
    arrays["x_test"][0, 0] = 1.75
    assert "x_test: floats outside 0-1" in message_of(saved(arrays))


def test_a_message_never_says_that_0_to_1_is_not_0_to_1(arrays: Arrays, saved: Saved) -> None:
    arrays["x_train"][1, 0] = 1.00001
    assert "got 0 to 1.00001;" in message_of(saved(arrays))
    arrays["x_train"][1, 0] = 1.0000012345
    assert "got 0 to 1.0000012345;" in message_of(saved(arrays))


def test_one_channel_that_comes_first_is_no_row(arrays: Arrays, saved: Saved) -> None:
    flat = read_whole(saved(arrays), LIMIT)
    for name in ("x_train", "x_test"):
        arrays[name] = arrays[name].reshape(-1, 1, 8, 8)
    whole = read_whole(saved(arrays), LIMIT)
    assert whole.image_shape == (8, 8)
    np.testing.assert_array_equal(whole.train.inputs, flat.train.inputs)


@pytest.mark.parametrize("channels", [2, 3, 4])
def test_several_channels_that_come_first_are_refused(
    channels: int, arrays: Arrays, saved: Saved
) -> None:
    for name, n in (("x_train", 20), ("x_test", 6)):
        arrays[name] = rng.random((n, channels, 8, 9))
    message = message_of(saved(arrays))
    assert "images with their channels first; numpy.moveaxis(x, 1, -1) puts them last" in message
    for name in ("x_train", "x_test"):
        arrays[name] = np.moveaxis(arrays[name], 1, -1)
    assert read_whole(saved(arrays), LIMIT).image_shape == (8, 9, channels)


NEEDED = "x_train, y_train, x_test, y_test"


@pytest.mark.parametrize("names", ["train_images", "arr_0", "X_train", "x_train.npy"])
def test_what_is_there_and_what_is_needed_are_said_apart(
    names: str, arrays: Arrays, saved: Saved
) -> None:
    path = saved({f"{names}{place}": array for place, array in enumerate(arrays.values())})
    there = ", ".join(f"{names}{place}" for place in range(4))
    assert message_of(path).startswith(
        f"{path}: missing arrays {NEEDED}; got {there}; allowed: {NEEDED}\n"
    )


def test_an_empty_archive_holds_none(tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    zipfile.ZipFile(path, "w").close()
    assert message_of(path) == f"{path}: missing arrays {NEEDED}; got none; allowed: {NEEDED}"


@pytest.mark.parametrize("code", [0x110000, 0xFFFFFFFF, 0x7FFFFFFF])
@pytest.mark.parametrize("order", ["<", ">"])
def test_labels_beyond_unicode_are_reported(
    code: int, order: str, arrays: Arrays, saved: Saved
) -> None:
    raw = np.array([code, 97] * 10, f"{order}u4")
    arrays["y_train"] = raw.view(f"{order}U1")
    arrays["y_test"] = np.array(["a"] * 6)
    path = saved(arrays)
    assert message_of(path) == (
        f"{path}, y_train: labels beyond Unicode; got U+{code:X}; allowed: U+0000 to U+10FFFF"
    )


def test_labels_that_are_half_a_character_are_reported(arrays: Arrays, saved: Saved) -> None:
    raw = np.array([0xD800, 97] * 10, "<u4")
    arrays["y_train"] = raw.view("<U1")
    arrays["y_test"] = np.array(["a"] * 6)
    assert "labels with unprintable characters" in message_of(saved(arrays))


SHAPES = [
    f"({10**40}, 784)",
    f"({10**40}, 0)",
    f"(0, {10**40})",
    f"({'9' * 4000}, {'9' * 4000})",
    f"({'9' * 5000},)",
    "(-1, 784)",
    f"({2**63}, 0)",
    f"({', '.join(['1'] * 5000)})",
    "(1.5, 2)",
    "'x'",
    "(((1,),),)",
    "(" * 500 + ")" * 500,
]


def header(shape: str) -> bytes:
    text = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\x02\x00" + struct.pack("<I", len(text)) + text


@pytest.mark.parametrize("shape", SHAPES, ids=range(len(SHAPES)))
def test_shapes_of_no_array_are_reported(shape: str, arrays: Arrays, tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    del arrays["x_train"]
    np.savez(path, **arrays)  # type: ignore[arg-type]
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("x_train.npy", header(shape) + b"\x00" * 72)
    assert f"{path}, x_train: " in message_of(path)


def test_every_field_of_an_archive_may_be_odd(arrays: Arrays, tmp_path: Path) -> None:
    whole = io.BytesIO()
    np.savez_compressed(whole, **arrays)  # type: ignore[arg-type]
    content = whole.getvalue()
    path = tmp_path / "data.npz"
    refused = 0
    for signature, length in ((b"PK\x01\x02", 46), (b"PK\x03\x04", 30), (b"PK\x05\x06", 22)):
        start = content.index(signature)
        for place in range(start + 4, start + length):
            for value in (0x00, 0x7F, 0xFF):
                path.write_bytes(content[:place] + bytes([value]) + content[place + 1 :])
                try:
                    read_whole(path, LIMIT)
                except FaultError:
                    refused += 1
    assert refused > 50


@pytest.mark.parametrize(
    "name",
    ["x_train\n.npy", "\x1b[31m.npy", "a" * 60_000, "../x_train.npy", "/etc/x.npy", "ä" * 99],
)
def test_members_of_odd_names_are_unknown_arrays(name: str, arrays: Arrays, tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    np.savez(path, **arrays)  # type: ignore[arg-type]
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, b"")
    message = message_of(path)
    assert "unknown array" in message
    assert message.isprintable()


@pytest.mark.parametrize("name", ["x" * 300, "ü" * 200, "x" * 300 + ".npz", "a/" * 3000])
@pytest.mark.parametrize(
    "arguments",
    [
        ["data", "check"],
        ["run", "--data"],
        ["spaces", "check"],
        ["run"],
        ["train"],
        ["verify"],
        ["predict", "bundle"],
        ["run", "--enqueue"],
        ["run", "--cluster"],
        ["data", "save", "digits"],
        ["show", "x", "--runs-dir"],
        ["list", "--runs-dir"],
    ],
    ids=" ".join,
)
def test_names_longer_than_a_name_can_be_are_known_faults(
    arguments: list[str],
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exit_code([*arguments, name]) in {1, 2}
    assert len(capsys.readouterr().err) <= 2000
    assert not list(tmp_path.iterdir())
