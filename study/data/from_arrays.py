"""A data set that a program holds in memory, written down so that a study can go on with it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from search_spaces.faults import Fault, FaultError, fault
from study.data.arrays import ARRAYS, SCALE, fingerprint
from study.data.parse import array_faults, whole_data
from study.data.save import save_npz

_TYPES = {str, bool, int, float}


def save_arrays(given: Mapping[str, ArrayLike], folder: Path) -> Path:
    """Write `x_train`, `y_train`, `x_test` and `y_test` as an .npz file of a folder; return it.

    The file is named by the fingerprint of its content: the same arrays are written once. Anything
    that numpy makes an array of is taken, data frames and their series of strings, categories and
    nullable numbers included. Raises FaultError with every fault.
    """
    missing = [name for name in ARRAYS if name not in given]
    extra = sorted(set(given) - {*ARRAYS, SCALE})
    if missing or extra:
        got = ", ".join(map(str, given)) or "none"
        raise fault("data", "not the arrays of a data set", got, ", ".join(ARRAYS))
    arrays, faults = {}, []
    for name, values in given.items():
        try:
            arrays[name] = _plain(np.asarray(values))
        except ValueError as error:  # rows of unequal lengths
            faults.append(Fault(f"data, {name}", f"no array: {error}"))
    faults += array_faults(arrays, "data")
    if faults:
        raise FaultError(*faults)
    whole = whole_data(arrays)
    target = folder / f"arrays-{fingerprint(whole)[:12]}.npz"
    if not target.is_file():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise fault(str(folder), f"cannot be written: {error.strerror or error}") from error
        save_npz(whole, target)
    return target


def _plain(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array of Python objects that all have one type as an array of that type.

    pandas gives strings, categories and nullable numbers as objects; a missing value is of another
    type than the rest, and the array stays as it is.
    """
    if array.dtype != object:
        return array
    types = {type(value) for value in array.flat}
    return array.astype(types.pop()) if len(types) == 1 and types <= _TYPES else array
