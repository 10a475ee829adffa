"""From arrays of any kind to a whole data set, or every fault they have."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from search_spaces.faults import Fault, FaultError, fault
from study.data.array_names import known_names
from study.data.arrays import ARRAYS, COLUMNS, SCALE, WholeData
from study.data.inputs import encode_inputs, image_shape, input_faults, pair_faults, scale_faults
from study.data.labels import class_faults, encode_labels, label_faults, plain_labels
from study.data.npz import read_npz
from study.data.saved_table import saved_table
from study.data.uncut import cut_arrays
from study.data.values import Examples

MEANINGS = {"x": "the inputs", "y": "the labels"}


def read_whole(
    path: Path, limit_bytes: int, where: str | None = None, share: float = 0.0
) -> WholeData:
    """Read an .npz file whole, test split included.

    Where it has none, a `share` of its rows is cut off (0: a fifth). Raises FaultError with every
    fault of the file, which goes by `where` or else by its path.
    """
    where = where or str(path)
    arrays, faults = read_npz(path, limit_bytes, where)
    names = known_names(arrays)
    if COLUMNS in arrays and not faults:
        return saved_table(arrays, where)
    if names is None:
        return from_arrays(arrays, faults, where, share)
    renamed = {meant: arrays[name] for name, meant in names.items()}
    whole = from_arrays(renamed, faults, where, share)
    meanings = ", ".join(MEANINGS.get(meant, meant) for meant in names.values())
    note = f"the arrays {', '.join(names)} are {meanings}"
    return replace(whole, notes=(note, *whole.notes))


def from_arrays(
    given: Mapping[str, NDArray[Any]], faults: list[Fault], where: str, share: float = 0.0
) -> WholeData:
    """Return arrays, named as ARRAYS or as x and y, as a whole data set.

    Raises FaultError with the faults there were before, and all of these arrays.
    """
    arrays = {
        name: plain_labels(array) if name.startswith("y") else array
        for name, array in given.items()
    }
    notes: tuple[str, ...] = ()
    if not faults and {"x", "y"} <= arrays.keys():
        cut, note = cut_arrays(arrays["x"], arrays["y"], share, where)
        arrays, notes = dict(cut), (note,)
    elif share:
        what = "--test-share cuts off a test split, and the arrays have one"
        raise fault(where, what, share)
    faults = [*faults, *array_faults(arrays, where)]
    if faults:
        raise FaultError(*faults)
    return replace(whole_data(arrays), notes=notes)


def array_faults(arrays: Mapping[str, NDArray[Any]], where: str) -> list[Fault]:
    """Return every fault of the arrays that are there; missing ones are the reader's to tell."""
    named = {name: f"{where}, {name}" for name in ARRAYS}
    found: dict[str, list[Fault]] = {}
    for name, array in arrays.items():
        if name == SCALE:
            continue
        if name.startswith("x"):
            found[name] = input_faults(array, named[name], is_test=name == "x_test")
        else:
            found[name] = label_faults(array, named[name])
    sound = {name for name, faults in found.items() if not faults}
    faults = [fault for name in ARRAYS for fault in found.get(name, [])]
    for x, y in (("x_train", "y_train"), ("x_test", "y_test")):
        if x in arrays and y in arrays and _length(arrays[x]) != _length(arrays[y]):
            got = f"{_length(arrays[y])} labels for {_length(arrays[x])} inputs"
            faults.append(Fault(named[y], "not one label an input", got))
    if {"x_train", "x_test"} <= sound:
        faults += pair_faults(arrays["x_train"], arrays["x_test"], named["x_test"])
        if SCALE in arrays:
            pair = (arrays["x_train"], arrays["x_test"])
            faults += scale_faults(arrays[SCALE], *pair, f"{where}, {SCALE}")
    if {"y_train", "y_test"} <= sound and arrays["y_train"].size:
        pair = (arrays["y_train"], arrays["y_test"])
        faults += class_faults(*pair, named["y_train"], named["y_test"])
    return faults


def whole_data(arrays: Mapping[str, NDArray[Any]]) -> WholeData:
    """Return sound arrays as one value: flat inputs of known scale, labels 0..k-1 with names."""
    train, test, full_scale = encode_inputs(arrays["x_train"], arrays["x_test"])
    full_scale = float(arrays.get(SCALE, full_scale))
    train_labels, test_labels, classes = encode_labels(arrays["y_train"], arrays["y_test"])
    return WholeData(
        Examples(train, train_labels),
        Examples(test, test_labels),
        image_shape(arrays["x_train"]),
        classes,
        full_scale,
    )


def _length(array: NDArray[Any]) -> int:
    return len(array) if array.ndim else 0
