"""Turn labels of any integer or string classes into 0..k-1 with names."""

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import Fault

Label = int | str

_ALLOWED = "integers or strings of shape (n,)"
# A float64 holds whole numbers up to here.
_EXACT = 2.0**53


def plain_labels(labels: NDArray[Any]) -> NDArray[Any]:
    """Return labels in a form that is read: whole floats as integers, one-hot rows as classes.

    Anything else stays as it is.
    """
    if labels.dtype.kind == "f" and labels.size:
        is_whole = np.isfinite(labels).all() and (np.floor(labels) == labels).all()
        if is_whole and np.abs(labels).max() < _EXACT:
            labels = labels.astype(np.int64)
    return labels.argmax(axis=1) if _is_one_hot(labels) else labels


def _is_one_hot(labels: NDArray[Any]) -> bool:
    if labels.dtype.kind not in "iub" or labels.ndim != 2 or labels.shape[1] < 2:
        return False
    is_flag = bool(((labels == 0) | (labels == 1)).all())
    return is_flag and bool((labels.sum(axis=1) == 1).all())


def label_faults(labels: NDArray[Any], where: str) -> list[Fault]:
    """Return what keeps one label array from being read; an empty array is the inputs' fault."""
    if labels.dtype.kind not in "iubUS":
        return [Fault(where, "labels of the wrong type", str(labels.dtype), _ALLOWED)]
    if labels.ndim != 1 and not (labels.ndim == 2 and labels.shape[1] == 1):
        return [Fault(where, "labels of the wrong shape", str(labels.shape), _ALLOWED)]
    if labels.dtype.kind == "U" and (highest := _highest_code(labels)) > sys.maxunicode:
        allowed = f"U+0000 to U+{sys.maxunicode:X}"
        return [Fault(where, "labels beyond Unicode", f"U+{highest:X}", allowed)]
    try:
        values = _distinct(labels)[0] if labels.dtype.kind in "US" else []
    except UnicodeDecodeError as error:
        return [Fault(where, "labels that are not UTF-8 text", repr(error.object))]
    # They end up on terminals and pages, which control characters would take over.
    hidden = [value for value in values if not str(value).isprintable()]
    if hidden:
        return [Fault(where, "labels with unprintable characters", _listed(hidden))]
    return []


def _highest_code(labels: NDArray[Any]) -> int:
    # numpy keeps text as 32-bit numbers, and takes any.
    codes = np.dtype("u4").newbyteorder(labels.dtype.byteorder)
    text = np.ascontiguousarray(labels)
    return int(text.view(codes).max(initial=0)) if text.size and text.dtype.itemsize else 0


def class_faults(
    train: NDArray[Any], test: NDArray[Any], where_train: str, where_test: str
) -> list[Fault]:
    """Return what is wrong with readable labels as classes; each needs two training images."""
    if (train.dtype.kind in "US") != (test.dtype.kind in "US"):
        what = "labels of another kind than those of y_train"
        return [Fault(where_test, what, str(test.dtype), str(train.dtype))]
    values, _, counts = _distinct(train)
    faults = []
    if len(values) == 1:
        what = "only one class"
        faults.append(Fault(where_train, what, repr(values[0]), "at least two classes"))
    few = [value for value, count in zip(values, counts, strict=True) if count < 2]
    if few:
        what = "classes with a single image, which cannot be split into training and validation"
        faults.append(Fault(where_train, what, _listed(few), "at least 2 images a class"))
    missing = sorted(set(_distinct(test)[0]) - set(values))
    if missing:
        what = "classes that y_train does not have"
        faults.append(Fault(where_test, what, _listed(missing), _listed(values)))
    return faults


def encode_labels(
    train: NDArray[Any], test: NDArray[Any]
) -> tuple[NDArray[np.int32], NDArray[np.int32], tuple[str, ...]]:
    """Return both label arrays as 0..k-1 and the class names, integers by value, text by code."""
    values, train_codes, _ = _distinct(train)
    index = {value: code for code, value in enumerate(values)}
    test_values, test_inverse, _ = _distinct(test)
    table = np.array([index[value] for value in test_values], dtype=np.int32)
    return train_codes, table[test_inverse], tuple(str(value) for value in values)


def _distinct(
    labels: NDArray[Any],
) -> tuple[list[Label], NDArray[np.int32], list[int]]:
    raw, inverse, counts = np.unique(labels.reshape(-1), return_inverse=True, return_counts=True)
    return _values(raw), inverse.reshape(-1).astype(np.int32), counts.tolist()


def _values(labels: NDArray[Any]) -> list[Label]:
    if labels.dtype.kind == "S":
        return [str(value, "utf-8") for value in labels.reshape(-1).tolist()]
    if labels.dtype.kind == "U":
        return [str(value) for value in labels.reshape(-1).tolist()]
    return [int(value) for value in labels.reshape(-1).tolist()]


def _listed(values: list[Label], most: int = 5) -> str:
    rest = f" and {len(values) - most} more" if len(values) > most else ""
    return ", ".join(repr(value) for value in values[:most]) + rest
