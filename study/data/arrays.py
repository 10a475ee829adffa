"""The four arrays of a data set, before the test split is sealed away."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from study.data.columns import Column
from study.data.values import Examples

ARRAYS = ("x_train", "y_train", "x_test", "y_test")
# A file may say by one number what its integers are divided by, where their type does not tell.
SCALE = "full_scale"
# What a saved table holds too: its columns, the groups of its training rows and of its test rows,
# what its test rows are known by, and the column of the rows' weights with the weights.
COLUMNS, GROUPS, IDENTITY = "columns", "groups", "test_identity"
TEST_GROUPS = "test_groups"
WEIGHT, WEIGHTS, TEST_WEIGHTS = "weight", "w_train", "w_test"


@dataclass(frozen=True, eq=False)
class WholeData:
    """A data set with its test split: read, fingerprinted and taken apart at once, never kept.

    Inputs are flat (n, features); `image_shape` is what one row was before. `classes` are names in
    the order of the labels 0..k-1, `full_scale` is what inputs are divided by. `columns` say what
    the inputs of a table are, and are empty for images and plain arrays. Training rows of one
    number in `groups` (n,) must stay together. `notes` are lines for the user on what was
    concluded. `test_identity` is the SHA-256 of the test rows as they were read, where that is
    another than that of what was made of them. `weight` is the column of the rows' weights.
    """

    train: Examples
    test: Examples
    image_shape: tuple[int, ...]
    classes: tuple[str, ...]
    full_scale: float
    columns: tuple[Column, ...] = ()
    groups: NDArray[np.int32] | None = None
    notes: tuple[str, ...] = ()
    test_identity: str = ""
    weight: str = ""


def fingerprint(data: WholeData) -> str:
    """Return the SHA-256 (hex) of the content: types, shapes and bytes of all arrays, and classes.

    Bytes are hashed little-endian in row order, so every machine finds the same fingerprint, and
    files that differ only in packing, label type or a trailing channel axis of 1 share it.
    """
    digest = hashlib.sha256()
    about: dict[str, object] = {
        "classes": data.classes,
        "full_scale": data.full_scale,
        "image": data.image_shape,
    }
    if data.columns:
        about["columns"] = [asdict(column) for column in data.columns]
    digest.update(json.dumps(about).encode() + b"\n")
    arrays: list[NDArray[Any]] = [
        *(data.train.inputs, data.train.labels),
        *(data.test.inputs, data.test.labels),
    ]
    names = [*ARRAYS]
    if data.groups is not None:
        names.append(GROUPS)
        arrays.append(data.groups)
    for name, weights in ((WEIGHTS, data.train.weights), (TEST_WEIGHTS, data.test.weights)):
        if weights is not None:
            names.append(name)
            arrays.append(weights)
    for name, array in zip(names, arrays, strict=True):
        fixed = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        head = {"array": name, "type": fixed.dtype.name, "shape": fixed.shape}
        digest.update(json.dumps(head).encode() + b"\n")
        digest.update(fixed.data)
    return digest.hexdigest()


def test_split_fingerprint(data: WholeData) -> str:
    """Return the SHA-256 (hex) of the test split alone: its images with their classes' names.

    Neither the training images nor the order of the test images changes it: what is answered on
    the same test images is one family of answers. Bytes are hashed little-endian. The rows of a
    table are known by what stands in its file.
    """
    if data.test_identity:
        return data.test_identity
    test = data.test
    fixed = np.ascontiguousarray(test.inputs, dtype=test.inputs.dtype.newbyteorder("<"))
    names = [name.encode() for name in data.classes]
    rows = sorted(
        hashlib.sha256(row.tobytes() + names[label]).digest()
        for row, label in zip(fixed, test.labels.tolist(), strict=True)
    )
    head = {"split": "test", "type": fixed.dtype.name, "features": fixed.shape[1]}
    return hashlib.sha256(json.dumps(head).encode() + b"\n" + b"".join(rows)).hexdigest()
