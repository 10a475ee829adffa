"""From arrays of any kind to a whole data set, or every fault they have."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from search_spaces.faults import Fault, FaultError
from study.data.arrays import ARRAYS, SCALE, WholeData
from study.data.inputs import encode_inputs, image_shape, input_faults, pair_faults, scale_faults
from study.data.labels import class_faults, encode_labels, label_faults
from study.data.npz import read_npz
from study.data.values import Examples


def read_whole(path: Path, limit_bytes: int, where: str | None = None) -> WholeData:
    """Read an .npz file whole, test split included.

    Raises FaultError with every fault of the file, which goes by `where` or else by its path.
    """
    where = where or str(path)
    arrays, faults = read_npz(path, limit_bytes, where)
    faults += array_faults(arrays, where)
    if faults:
        raise FaultError(*faults)
    return whole_data(arrays)


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
