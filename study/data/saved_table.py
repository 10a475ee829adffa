"""A table in an .npz file of this program: its rows as numbers, and what its columns are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.json_values import from_json, to_json
from search_spaces.faults import Fault, FaultError
from search_spaces.json_text import read_json
from study.data.arrays import (
    COLUMNS,
    GROUPS,
    IDENTITY,
    TEST_GROUPS,
    TEST_WEIGHTS,
    WEIGHT,
    WEIGHTS,
    WholeData,
)
from study.data.columns import Column
from study.data.labels import class_faults, encode_labels, label_faults
from study.data.values import Examples
from study.data.weighing import weight_faults

_SPLITS = {"train": "training", "test": "test"}


@dataclass(frozen=True)
class _Columns:
    """The columns as they stand in the file."""

    columns: tuple[Column, ...]


def table_arrays(whole: WholeData) -> dict[str, NDArray[Any]]:
    """Return what is saved of a table beside its rows and labels; nothing for other data."""
    if not whole.columns:
        return {}
    arrays = {COLUMNS: np.array(json.dumps(to_json(_Columns(whole.columns))))}
    if whole.groups is not None:
        arrays[GROUPS] = whole.groups
    if whole.test.groups is not None:
        arrays[TEST_GROUPS] = whole.test.groups
    if whole.train.weights is not None and whole.test.weights is not None:
        arrays |= {
            WEIGHT: np.array(whole.weight),
            WEIGHTS: whole.train.weights,
            TEST_WEIGHTS: whole.test.weights,
        }
    if whole.test_identity:
        arrays[IDENTITY] = np.array(whole.test_identity)
    return arrays


def saved_table(arrays: Mapping[str, NDArray[Any]], where: str) -> WholeData:
    """Return the table that `table_arrays` and its rows were saved of; raises FaultError."""
    text = arrays[COLUMNS]
    if text.dtype.kind != "U" or text.shape != ():
        raise FaultError(Fault(f"{where}, {COLUMNS}", "no description of columns"))
    described = read_json(str(text), f"{where}, {COLUMNS}")
    columns = from_json(_Columns, described, f"{where}, {COLUMNS}").columns
    faults: list[Fault] = []
    for split in ("train", "test"):
        inputs, labels = arrays[f"x_{split}"], arrays[f"y_{split}"]
        expected = (len(labels) if labels.ndim else 0, len(columns))
        if inputs.dtype != np.float32 or inputs.shape != expected or not columns:
            got = f"{inputs.dtype} of shape {inputs.shape}"
            allowed = f"float32 of shape {expected}"
            faults.append(Fault(f"{where}, x_{split}", "not the rows of a table", got, allowed))
        faults += label_faults(labels, f"{where}, y_{split}")
    faults += _group_faults(arrays, GROUPS, "x_train", where)
    faults += _group_faults(arrays, TEST_GROUPS, "x_test", where)
    faults += _weight_faults(arrays, where)
    if not faults:
        ends = (f"{where}, y_train", f"{where}, y_test")
        faults += class_faults(arrays["y_train"], arrays["y_test"], *ends)
    if faults:
        raise FaultError(*faults)
    train, test, classes = encode_labels(arrays["y_train"], arrays["y_test"])
    return WholeData(
        Examples(arrays["x_train"], train, weights=arrays.get(WEIGHTS)),
        Examples(arrays["x_test"], test, arrays.get(TEST_GROUPS), arrays.get(TEST_WEIGHTS)),
        (len(columns),),
        classes,
        1.0,
        columns,
        groups=arrays.get(GROUPS),
        test_identity=str(arrays.get(IDENTITY, "")),
        weight=str(arrays.get(WEIGHT, "")),
    )


def _weight_faults(arrays: Mapping[str, NDArray[Any]], where: str) -> list[Fault]:
    names = [name for name in (WEIGHT, WEIGHTS, TEST_WEIGHTS) if name in arrays]
    if names and len(names) < 3:
        allowed = f"{WEIGHT}, {WEIGHTS}, {TEST_WEIGHTS}"
        return [Fault(where, "weights that are not whole", ", ".join(names), allowed)]
    faults: list[Fault] = []
    for name, rows in ((WEIGHTS, "train"), (TEST_WEIGHTS, "test")) if names else ():
        weights, labels = arrays[name], arrays[f"y_{rows}"]
        if weights.dtype != np.float64 or weights.shape != labels.shape:
            what = f"not a float64 number for each row of x_{rows}"
            faults.append(Fault(f"{where}, {name}", what))
        else:
            faults += weight_faults(weights, labels, f"{where}, {name}", _SPLITS[rows])
    return faults


def _group_faults(
    arrays: Mapping[str, NDArray[Any]], name: str, rows: str, where: str
) -> list[Fault]:
    groups, n = arrays.get(name), len(arrays[rows]) if arrays[rows].ndim else 0
    if groups is None or (groups.dtype == np.int32 and groups.shape == (n,)):
        return []
    return [Fault(f"{where}, {name}", f"not an int32 number for each row of {rows}")]
