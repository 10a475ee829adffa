"""Bad files are reported whole; good ones of every allowed kind become the same few types."""

import io
import os
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from search_spaces.faults import FaultError
from study.data.labels import encode_labels
from study.data.parse import read_whole

Arrays = dict[str, NDArray[Any]]
LIMIT = 10_000_000

SHAPES = "(n, features), (n, h, w), (n, h, w, 1) or (n, h, w, channels)"
TYPES = "integers 0-255 or 0-65535, or floats 0-1"
LABELS = "integers or strings of shape (n,)"
NAMES = "x_train, y_train, x_test, y_test"


def floats(arrays: Arrays, *placed: float) -> Arrays:
    x_train = arrays["x_train"] / 255
    x_train.reshape(12, -1)[range(len(placed)), 0] = placed
    return {**arrays, "x_train": x_train, "x_test": arrays["x_test"] / 255}


def edit(arrays: Arrays, **changed: Any) -> Arrays:
    return {**arrays, **{name: np.asarray(value) for name, value in changed.items()}}


def without(arrays: Arrays, *names: str) -> Arrays:
    return {name: array for name, array in arrays.items() if name not in names}


OUTSIDE = (
    "floats outside 0-1; divide them by their full scale, keep them as integers, "
    "or scale them by a scaler that was fitted on x_train alone"
)

# Each: what is done to sound arrays, and the whole message with {f} for the file's path.
MALFORMED: dict[str, tuple[Callable[[Arrays], Arrays], str]] = {
    "one array is missing": (
        lambda a: without(a, "y_test"),
        f"{{f}}: missing array y_test; got x_train, y_train, x_test; allowed: {NAMES}",
    ),
    "arrays have other names": (
        lambda a: {**without(a, "x_train"), "images": a["x_train"], "arr_0": a["y_train"]},
        (
            f"{{f}}: missing array x_train; got y_train, x_test, y_test, images, arr_0; "
            f"allowed: {NAMES}\n"
            f"{{f}}: unknown arrays; got arr_0, images; allowed: {NAMES}"
        ),
    ),
    "labels are Python objects": (
        lambda a: edit(a, y_train=np.array(["a", 1, None] * 4, dtype=object)),
        (
            "{f}, y_train: the array cannot be read: "
            "it holds Python objects, which only pickle could read"
        ),
    ),
    "inputs have one axis": (
        lambda a: edit(a, x_train=np.arange(12)),
        f"{{f}}, x_train: inputs of the wrong shape; got (12,); allowed: {SHAPES}",
    ),
    "inputs have five axes": (
        lambda a: edit(a, x_test=np.zeros((6, 1, 2, 3, 1), np.uint8)),
        f"{{f}}, x_test: inputs of the wrong shape; got (6, 1, 2, 3, 1); allowed: {SHAPES}",
    ),
    "inputs are a single number": (
        lambda a: edit(a, x_train=3),
        (
            f"{{f}}, x_train: inputs of the wrong shape; got (); allowed: {SHAPES}\n"
            "{f}, y_train: not one label an input; got 12 labels for 0 inputs"
        ),
    ),
    "inputs are text": (
        lambda a: edit(a, x_train=np.full((12, 6), "a")),
        f"{{f}}, x_train: inputs of the wrong type; got <U1; allowed: {TYPES}",
    ),
    "inputs are complex": (
        lambda a: edit(a, x_train=np.zeros((12, 6), np.complex64)),
        f"{{f}}, x_train: inputs of the wrong type; got complex64; allowed: {TYPES}",
    ),
    "there are no images": (
        lambda a: edit(a, x_train=np.zeros((0, 2, 3), np.uint8), y_train=np.zeros(0, int)),
        f"{{f}}, x_train: no inputs; got (0, 2, 3); allowed: {SHAPES}",
    ),
    "images have no pixels": (
        lambda a: edit(a, x_train=np.zeros((12, 0)), x_test=np.zeros((6, 0))),
        (
            f"{{f}}, x_train: no inputs; got (12, 0); allowed: {SHAPES}\n"
            f"{{f}}, x_test: no inputs; got (6, 0); allowed: {SHAPES}"
        ),
    ),
    "fewer labels than inputs": (
        lambda a: edit(a, y_train=a["y_train"][:9]),
        "{f}, y_train: not one label an input; got 9 labels for 12 inputs",
    ),
    "NaN and infinite inputs": (
        lambda a: floats(a, np.nan, np.inf),
        "{f}, x_train: NaN or infinite values; got in 2 inputs; allowed: none",
    ),
    "negative floats": (
        lambda a: floats(a, -0.5),
        (
            f"{{f}}, x_train: {OUTSIDE}; got -0.5 to 0.2784313725490196; "
            f"allowed: {TYPES} (x_test: -0.5 to 1.5)"
        ),
    ),
    "floats up to 255, and a NaN": (
        lambda a: floats(a, 255.0, np.nan),
        (
            "{f}, x_train: NaN or infinite values; got in 1 inputs; allowed: none\n"
            f"{{f}}, x_train: {OUTSIDE}; got 0.00392156862745098 to 255; "
            f"allowed: {TYPES} (x_test: -0.5 to 1.5)"
        ),
    ),
    "negative integers": (
        lambda a: edit(a, x_train=a["x_train"].astype(int) - 1),
        f"{{f}}, x_train: integers out of range; got -1 to 70; allowed: {TYPES}\n",
    ),
    "integers over 65535": (
        lambda a: edit(a, x_test=a["x_test"].astype(np.int64) * 1000),
        f"{{f}}, x_test: integers out of range; got 72000 to 107000; allowed: {TYPES}",
    ),
    "only one class": (
        lambda a: edit(a, y_train=np.zeros(12, int), y_test=np.zeros(6, int)),
        "{f}, y_train: only one class; got 0; allowed: at least two classes",
    ),
    "a class that only the test has": (
        lambda a: edit(a, y_test=[0, 1, 2, 7, 7, 8]),
        "{f}, y_test: classes that y_train does not have; got 7, 8; allowed: 0, 1, 2",
    ),
    "a class with one image": (
        lambda a: edit(a, y_train=[0] * 6 + [1] * 5 + [2]),
        (
            "{f}, y_train: classes with a single image, which cannot be split into training and "
            "validation; got 2; allowed: at least 2 images a class"
        ),
    ),
    "labels that are measurements": (
        lambda a: edit(a, y_train=np.linspace(0, 1, 12)),
        f"{{f}}, y_train: labels of the wrong type; got float64; allowed: {LABELS}",
    ),
    "labels of several classes at once": (
        lambda a: edit(a, y_train=1 - np.eye(3, dtype=int)[a["y_train"]]),
        f"{{f}}, y_train: labels of the wrong shape; got (12, 3); allowed: {LABELS}",
    ),
    "a full scale that is no number": (
        lambda a: edit(a, full_scale=["16"]),
        "{f}, full_scale: not one number; got <U2 of shape (1,); allowed: one integer or float",
    ),
    "a full scale below the inputs": (
        lambda a: edit(a, full_scale=16.5),
        (
            "{f}, full_scale: not the full scale of these inputs; got 16.5; "
            "allowed: 107, the highest input, to 65535"
        ),
    ),
    "a full scale that is not a number": (
        lambda a: edit(a, full_scale=np.nan),
        (
            "{f}, full_scale: not the full scale of these inputs; got nan; "
            "allowed: 107, the highest input, to 65535"
        ),
    ),
    "a full scale of floats": (
        lambda a: edit(floats(a), full_scale=2),
        (
            "{f}, full_scale: these inputs need no full scale; got 2; "
            "allowed: none, but for integers"
        ),
    ),
    "labels that are broken text": (
        lambda a: edit(a, y_train=[b"a", b"\xff"] * 6, y_test=[b"a"] * 6),
        r"{f}, y_train: labels that are not UTF-8 text; got b'\xff'",
    ),
    "labels that would drive a terminal": (
        lambda a: edit(a, y_train=["a", "\x1b[2J"] * 6, y_test=["a"] * 6),
        r"{f}, y_train: labels with unprintable characters; got '\x1b[2J'",
    ),
    "labels of two kinds": (
        lambda a: edit(a, y_test=["0", "1", "2"] * 2),
        "{f}, y_test: labels of another kind than those of y_train; got <U1; allowed: uint8",
    ),
    "test images of another shape": (
        lambda a: edit(a, x_test=np.zeros((6, 3, 2), np.uint8)),
        "{f}, x_test: images of another shape than those of x_train; got (3, 2); allowed: (2, 3)",
    ),
    "test images of another type": (
        lambda a: edit(a, x_test=a["x_test"] / 255),
        "{f}, x_test: inputs of another type than those of x_train; got float64; allowed: uint8",
    ),
    "everything at once": (
        lambda a: {
            **edit(without(a, "y_test"), y_train=[0.5] * 11, x_train=np.full((12, 6), np.nan)),
            "more": a["y_test"],
        },
        (
            f"{{f}}: missing array y_test; got x_train, y_train, x_test, more; allowed: {NAMES}\n"
            f"{{f}}: unknown array; got more; allowed: {NAMES}\n"
            "{f}, x_train: NaN or infinite values; got in 12 inputs; allowed: none\n"
            f"{{f}}, y_train: labels of the wrong type; got float64; allowed: {LABELS}\n"
            "{f}, y_train: not one label an input; got 11 labels for 12 inputs"
        ),
    ),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_file_is_reported_whole(
    case: str, arrays: Arrays, write_npz: Callable[[Arrays], Path]
) -> None:
    spoil, message = MALFORMED[case]
    path = write_npz(spoil(arrays))
    with pytest.raises(FaultError) as caught:
        read_whole(path, LIMIT)
    assert str(caught.value) == message.format(f=path).rstrip("\n")


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FaultError) as caught:
        read_whole(tmp_path / "none.npz", LIMIT)
    assert str(caught.value) == f"{tmp_path / 'none.npz'}: there is no such file"


def test_a_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FaultError) as caught:
        read_whole(tmp_path, LIMIT)
    assert str(caught.value) == f"{tmp_path}: this is a folder; allowed: an .npz file"


def test_a_pipe_is_reported_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.npz"
    os.mkfifo(pipe)
    with pytest.raises(FaultError) as caught:
        read_whole(pipe, LIMIT)
    assert str(caught.value) == f"{pipe}: not a regular file; allowed: an .npz file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file_is_reported(
    arrays: Arrays, write_npz: Callable[[Arrays], Path]
) -> None:
    path = write_npz(arrays)
    path.chmod(0)
    with pytest.raises(FaultError) as caught:
        read_whole(path, LIMIT)
    assert str(caught.value) == f"{path}: the file cannot be read: Permission denied"


def test_a_path_through_a_file_is_reported(
    arrays: Arrays, write_npz: Callable[[Arrays], Path]
) -> None:
    path = write_npz(arrays) / "deeper.npz"
    with pytest.raises(FaultError) as caught:
        read_whole(path, LIMIT)
    assert str(caught.value) == f"{path}: the file cannot be read: Not a directory"


NO_NPZ = "{f}: not an .npz file, or a truncated one; allowed: a file written by numpy.savez"


def test_what_is_no_zip_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "text.npz"
    path.write_text("width,height\n1,2\n")
    with pytest.raises(FaultError) as caught:
        read_whole(path, LIMIT)
    assert str(caught.value) == NO_NPZ.format(f=path)


def test_a_truncated_file_is_reported(arrays: Arrays, write_npz: Callable[[Arrays], Path]) -> None:
    path = write_npz(arrays)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(FaultError) as caught:
        read_whole(path, LIMIT)
    assert str(caught.value) == NO_NPZ.format(f=path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, arrays: Arrays) -> None:
    path = tmp_path / "bomb.npz"
    bomb = {**arrays, "x_train": np.zeros((12, 2_000_000), np.uint8)}
    np.savez_compressed(path, **bomb)  # type: ignore[arg-type]
    assert path.stat().st_size < 100_000
    with pytest.raises(FaultError) as caught:
        read_whole(path, 1_000_000)
    assert str(caught.value) == (
        f"{path}: the arrays are too large; got 24,000,566 bytes; allowed: up to 1,000,000 bytes"
    )


def test_a_header_that_promises_more_than_the_file_holds_costs_no_memory(
    tmp_path: Path, arrays: Arrays
) -> None:
    head = io.BytesIO()
    shape = (10**12, 784)
    np.lib.format.write_array_header_1_0(
        head, {"descr": "|u1", "fortran_order": False, "shape": shape}
    )
    path = tmp_path / "liar.npz"
    np.savez(path, **{k: v for k, v in arrays.items() if k != "x_train"})  # type: ignore[arg-type]
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("x_train.npy", head.getvalue() + b"\x00" * 72)
    with pytest.raises(FaultError) as caught:
        read_whole(path, LIMIT)
    assert str(caught.value) == (
        f"{path}, x_train: the array cannot be read: "
        "its header promises 784,000,000,000,000 of 72 bytes"
    )


def test_an_array_that_is_there_twice_is_reported(
    arrays: Arrays, write_npz: Callable[[Arrays], Path]
) -> None:
    path = write_npz(arrays)
    with zipfile.ZipFile(path) as archive:
        content = archive.read("y_test.npy")
    with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as archive:
        warnings.simplefilter("ignore")  # zipfile warns of the very thing that is tried
        archive.writestr("y_test.npy", content)
    with pytest.raises(FaultError) as caught:
        read_whole(path, LIMIT)
    assert str(caught.value) == f"{path}: repeated array; got y_test; allowed: {NAMES}"


def test_a_flipped_byte_in_an_array_is_reported(
    arrays: Arrays, write_npz: Callable[[Arrays], Path]
) -> None:
    path = write_npz(arrays)
    content = bytearray(path.read_bytes())
    at = content.index(arrays["x_train"].tobytes())
    content[at] ^= 1
    path.write_bytes(content)
    with pytest.raises(FaultError) as caught:
        read_whole(path, LIMIT)
    assert str(caught.value) == (
        f"{path}, x_train: the array cannot be read: Bad CRC-32 for file 'x_train.npy'"
    )


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_damage_to_a_file_is_a_fault_or_harmless(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    values = np.arange(8 * 4, dtype=np.uint8).reshape(8, 4)
    labels = np.array([0, 1] * 4)
    packed = io.BytesIO()
    np.savez_compressed(packed, x_train=values, y_train=labels, x_test=values, y_test=labels)
    content = bytearray(packed.getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "damaged.npz"
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile and numpy grumble over some damage
        try:
            whole = read_whole(path, LIMIT)
        except FaultError:
            return
    np.testing.assert_array_equal(whole.train.inputs, values)
    np.testing.assert_array_equal(whole.test.labels, labels)


GOOD: dict[str, tuple[Callable[[NDArray[Any]], NDArray[Any]], str, float]] = {
    "uint8": (lambda x: x, "uint8", 255.0),
    "uint16 whatever its values": (lambda x: x.astype(np.uint16), "uint16", 65535.0),
    "big-endian uint16": (lambda x: x.astype(">u2"), "uint16", 65535.0),
    "int64 within 0-255": (lambda x: x.astype(np.int64), "uint8", 255.0),
    "int8": (lambda x: x.astype(np.int8), "uint8", 255.0),
    "int32 beyond 255": (lambda x: x.astype(np.int32) * 600, "uint16", 65535.0),
    "boolean": (lambda x: x > 50, "uint8", 1.0),
    "float64": (lambda x: x / 255, "float32", 1.0),
    "float16": (lambda x: (x / 255).astype(np.float16), "float32", 1.0),
    "column by column": (np.asfortranarray, "uint8", 255.0),
}


LABELS_AS_THEY_COME: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "one-hot": lambda y: np.eye(3, dtype=np.float32)[y],
    "one-hot flags": lambda y: np.eye(3, dtype=bool)[y],
    "whole floats": lambda y: y.astype(np.float64),
    "a column": lambda y: y[:, None].astype(np.float32),
}


@pytest.mark.parametrize("case", LABELS_AS_THEY_COME)
def test_labels_are_taken_as_they_come(
    case: str, arrays: Arrays, write_npz: Callable[[Arrays], Path]
) -> None:
    change = LABELS_AS_THEY_COME[case]
    given = edit(arrays, **{name: change(arrays[name]) for name in ("y_train", "y_test")})
    whole = read_whole(write_npz(given), LIMIT)
    assert whole.classes == ("0", "1", "2")
    np.testing.assert_array_equal(whole.train.labels, arrays["y_train"])
    np.testing.assert_array_equal(whole.test.labels, arrays["y_test"])


def test_labels_may_begin_at_one(arrays: Arrays, write_npz: Callable[[Arrays], Path]) -> None:
    given = edit(arrays, y_train=arrays["y_train"] + 1, y_test=arrays["y_test"] + 1)
    whole = read_whole(write_npz(given), LIMIT)
    assert whole.classes == ("1", "2", "3")
    np.testing.assert_array_equal(whole.train.labels, arrays["y_train"])


@pytest.mark.parametrize(
    "names",
    [
        ("X_train", "y_train", "X_test", "y_test"),
        ("train_images", "train_labels", "test_images", "test_labels"),
    ],
)
def test_arrays_of_other_usual_names_are_taken_and_more_are_left(
    names: tuple[str, ...], arrays: Arrays, write_npz: Callable[[Arrays], Path]
) -> None:
    given = dict(zip(names, arrays.values(), strict=True)) | {"mapping": np.arange(3)}
    whole = read_whole(write_npz(given), LIMIT)
    np.testing.assert_array_equal(whole.test.inputs, arrays["x_test"].reshape(6, 6))
    ours = "x_train, y_train, x_test, y_test"
    assert whole.notes == (f"the arrays {', '.join(names)} are {ours}",)


@pytest.mark.parametrize("names", [("X", "y"), ("data", "target"), ("arr_0", "arr_1")])
def test_arrays_without_a_test_split_have_one_cut_off(
    names: tuple[str, str], arrays: Arrays, write_npz: Callable[[Arrays], Path]
) -> None:
    path = write_npz(dict(zip(names, (arrays["x_train"], arrays["y_train"]), strict=True)))
    whole = read_whole(path, LIMIT, share=0.25)
    assert (whole.train.n, whole.test.n) == (9, 3)
    assert np.bincount(whole.test.labels).tolist() == [1, 1, 1]
    assert whole.notes == (
        f"the arrays {names[0]}, {names[1]} are the inputs, the labels",
        "3 of 12 rows are the test split, of every class its share",
    )


def test_a_share_for_arrays_that_have_a_test_split_is_reported(
    arrays: Arrays, write_npz: Callable[[Arrays], Path]
) -> None:
    path = write_npz(arrays)
    with pytest.raises(FaultError) as caught:
        read_whole(path, LIMIT, share=0.25)
    assert str(caught.value) == (
        f"{path}: --test-share cuts off a test split, and the arrays have one; got 0.25"
    )


@pytest.mark.parametrize("case", GOOD)
def test_inputs_of_every_allowed_type_are_flat_and_have_a_full_scale(
    case: str, arrays: Arrays, write_npz: Callable[[Arrays], Path]
) -> None:
    change, kind, scale = GOOD[case]
    given_inputs = {name: change(arrays[name]) for name in ("x_train", "x_test")}
    whole = read_whole(write_npz({**arrays, **given_inputs}), LIMIT)
    assert (whole.train.inputs.dtype.name, whole.full_scale) == (kind, scale)
    for examples, name in ((whole.train, "x_train"), (whole.test, "x_test")):
        flat = given_inputs[name].reshape(examples.n, 6)
        np.testing.assert_array_equal(examples.inputs, flat.astype(kind))
        assert examples.inputs.flags.c_contiguous


@pytest.mark.parametrize(
    ("shape", "image_shape"),
    [((6,), (6,)), ((2, 3), (2, 3)), ((2, 3, 1), (2, 3)), ((1, 2, 3), (1, 2, 3))],
)
def test_images_of_every_allowed_shape_are_kept_in_mind(
    shape: tuple[int, ...],
    image_shape: tuple[int, ...],
    arrays: Arrays,
    write_npz: Callable[[Arrays], Path],
) -> None:
    shaped = {name: arrays[name].reshape(-1, *shape) for name in ("x_train", "x_test")}
    whole = read_whole(write_npz({**arrays, **shaped}), LIMIT)
    assert whole.image_shape == image_shape
    assert whole.train.inputs.shape == (12, 6)


@pytest.mark.parametrize(
    ("labels", "classes", "codes"),
    [
        ([10, 9, -1, 10], ("-1", "9", "10"), [2, 1, 0, 2]),
        (["b", "a", "Z", "b"], ("Z", "a", "b"), [2, 1, 0, 2]),
        ([b"b", b"a", b"\xc3\xa9", b"b"], ("a", "b", "é"), [1, 0, 2, 1]),
        ([True, False, False, True], ("0", "1"), [1, 0, 0, 1]),
        ([[3], [4], [4], [3]], ("3", "4"), [0, 1, 1, 0]),
        (np.array([2**63, 5, 5, 2**63], np.uint64), ("5", str(2**63)), [1, 0, 0, 1]),
    ],
)
def test_labels_become_codes_in_a_stable_order_of_named_classes(
    labels: Any, classes: tuple[str, ...], codes: list[int], write_npz: Callable[[Arrays], Path]
) -> None:
    y = np.asarray(labels)
    x = np.arange(16, dtype=np.uint8).reshape(4, 4)
    doubled = {"x_train": np.concatenate((x, x)), "y_train": np.concatenate((y, y))}
    whole = read_whole(write_npz({**doubled, "x_test": x, "y_test": y}), LIMIT)
    assert whole.classes == classes
    assert whole.test.labels.tolist() == codes
    assert whole.train.labels.tolist() == codes * 2
    assert whole.train.labels.dtype == whole.test.labels.dtype == np.int32


@given(
    st.lists(st.text("abcé", min_size=1, max_size=3), min_size=2, max_size=9, unique=True),
    st.randoms(),
)
def test_class_names_give_the_labels_back(names: list[str], random: Any) -> None:
    train = names * 2
    random.shuffle(train)
    test = [random.choice(names) for _ in range(5)]
    train_codes, test_codes, classes = encode_labels(np.array(train), np.array(test))
    assert [classes[code] for code in train_codes] == train
    assert [classes[code] for code in test_codes] == test
    assert list(classes) == sorted(names)
