"""Read a MATLAB file (.mat, up to version 7): EMNIST's nested form, or variables of usual names."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_spaces.data_source import DataOptions
from search_spaces.faults import fault, printable
from study.data.array_names import known_names
from study.data.arrays import ARRAYS, WholeData
from study.data.mat_values import Variables, read_variables
from study.data.parse import MEANINGS, from_arrays

Arrays = dict[str, NDArray[Any]]

_ALLOWED = (
    "NAME.train.images, NAME.train.labels, NAME.test.images and NAME.test.labels; "
    "x_train, y_train, x_test and y_test; X and y; data and label; images and labels"
)
_SPLITS = (
    ("train.images", "x_train"),
    ("train.labels", "y_train"),
    ("test.images", "x_test"),
    ("test.labels", "y_test"),
)
_MOST_SHOWN = 8
_TOP = 255


def read_mat(path: Path, options: DataOptions, limit_bytes: int, where: str) -> WholeData:
    """Read a MATLAB file whole; without a test split a share is cut off (0: a fifth).

    Images of EMNIST's form, rows of a square number of pixels, stand column by column and are
    turned. Of plain variables one whose last axis alone counts the examples has it first. Raises
    FaultError where the file cannot be read, or its variables are not a data set's.
    """
    variables = read_variables(path, limit_bytes, where)
    names = _names(variables, where)
    arrays = {meant: variables[name] for name, meant in names.items()}
    meanings = ", ".join(MEANINGS.get(meant, meant) for meant in names.values())
    notes = [f"the variables {', '.join(map(printable, names))} are {meanings}"]
    arrays, turned = _turned(arrays, is_nested=any(name.endswith("train.images") for name in names))
    notes += turned
    arrays, levels = _small_numbers(arrays)
    whole = from_arrays(arrays, [], where, options.test_share)
    return replace(whole, notes=(*notes, *levels, *whole.notes))


def _names(variables: Variables, where: str) -> Mapping[str, str]:
    """Return what each variable that is taken stands for: names of ARRAYS, or x and y."""
    structs = dict.fromkeys(_parts(name)[0] for name in variables)
    nested = [_nested(variables, one) for one in {"": None} | _parents(variables)]
    taken = {name for one in nested if one for name in one}
    plain = [_plain(variables, one) for one in structs]
    found = [*filter(None, nested), *(one for one in plain if one and not taken & one.keys())]
    if len(found) == 1:
        return found[0]
    names = [f"{printable(name)} {_shape(one)}" for name, one in variables.items()]
    rest = f" and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else ""
    got = ", ".join(names[:_MOST_SHOWN]) + rest or "none"
    if found:
        several = "; ".join(", ".join(map(printable, one)) for one in found[:3])
        what = f"variables of more than one data set: {several}"
        raise fault(where, what, allowed="one data set a file")
    raise fault(where, "no variables of a data set", got, _ALLOWED)


def _plain(variables: Variables, struct: str) -> Mapping[str, str] | None:
    inside = {_parts(name)[1] for name in variables if _parts(name)[0] == struct}
    known = dict(zip(ARRAYS, ARRAYS, strict=True)) if inside >= set(ARRAYS) else None
    known = known or dict(known_names(inside) or {})
    return {_joined(struct, name): meant for name, meant in known.items()} or None


def _nested(variables: Variables, struct: str) -> Mapping[str, str] | None:
    wanted = {_joined(struct, name): meant for name, meant in _SPLITS}
    return wanted if wanted.keys() <= variables.keys() else None


def _parents(variables: Variables) -> dict[str, None]:
    structs = (_parts(name)[0] for name in variables)
    return dict.fromkeys(_parts(one)[0] for one in structs if one)


def _parts(name: str) -> tuple[str, str]:
    struct, _, field = name.rpartition(".")
    return struct, field


def _joined(struct: str, name: str) -> str:
    return f"{struct}.{name}" if struct else name


def _turned(arrays: Arrays, *, is_nested: bool) -> tuple[Arrays, list[str]]:
    """Return the arrays with an example first, labels flat and images by rows; and lines on it."""
    found = {name: _flat(array) for name, array in arrays.items() if name.startswith("y")}
    notes = []
    for name in (name for name in arrays if name.startswith("x")):
        found[name], note = _by_examples(arrays[name], found[f"y{name[1:]}"].shape[:1])
        if not note and is_nested:
            found[name], note = _by_rows(found[name])
        if note:
            notes.append(f"{MEANINGS.get(name, name)}: {note}")
    return {name: found[name] for name in arrays}, notes


def _flat(labels: NDArray[Any]) -> NDArray[Any]:
    """Return labels (n, 1) or (1, n) as (n,); others, as one-hot rows, as they are."""
    return labels.reshape(-1) if max(labels.shape, default=0) == labels.size else labels


def _by_examples(inputs: NDArray[Any], n: tuple[int, ...]) -> tuple[NDArray[Any], str]:
    if inputs.ndim < 2 or inputs.shape[-1:] != n or inputs.shape[:1] == n:
        return inputs, ""
    return np.moveaxis(inputs, -1, 0), "the last axis counts the examples"


def _by_rows(images: NDArray[Any]) -> tuple[NDArray[Any], str]:
    side = round(images.shape[1] ** 0.5) if images.ndim == 2 else 0
    if side < 2 or side * side != images.shape[1]:
        return images, ""
    turned = images.reshape(-1, side, side).transpose(0, 2, 1)
    return turned, f"images of {side} x {side}, which stand column by column"


def _small_numbers(arrays: Arrays) -> tuple[Arrays, list[str]]:
    """Return doubles that are whole numbers from 0 to 255 as such: MATLAB's numbers are doubles."""
    inputs = [name for name in arrays if name.startswith("x")]
    whole = all(_is_bytes(arrays[name]) for name in inputs)
    if not whole or max(arrays[name].max(initial=0) for name in inputs) <= 1:
        return arrays, []
    bytes_ = {name: arrays[name].astype(np.uint8) for name in inputs}
    return arrays | bytes_, ["the inputs are whole numbers, read as levels from 0 to 255"]


def _is_bytes(array: NDArray[Any]) -> bool:
    if array.dtype.kind != "f" or not np.isfinite(array).all():
        return False
    return bool(((array >= 0) & (array <= _TOP) & (array == np.floor(array))).all())


def _shape(array: NDArray[Any]) -> str:
    return " x ".join(map(str, array.shape))
