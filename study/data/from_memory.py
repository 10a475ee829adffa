"""Data that a program holds in memory, written down so that a study can go on with it."""

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from search_spaces.faults import Fault, FaultError, fault
from study.data.array_names import known_names
from study.data.arrays import ARRAYS, SCALE, fingerprint
from study.data.parse import array_faults, from_arrays, whole_data
from study.data.pyarrow_needed import tables_module
from study.data.save import save_npz, write_new

_TYPES = {str, bool, int, float}
_HASH_SIGNS = 12


def save_arrays(given: Mapping[str, ArrayLike], folder: Path, share: float = 0.0) -> Path:
    """Write `x_train`, `y_train`, `x_test` and `y_test` as an .npz file of a folder; return it.

    Without a test split, `x` and `y` are written as they are: a `share` is cut off when they are
    read (0: a fifth). The file is named by the fingerprint of its content: the same arrays are
    written once. Anything that numpy makes an array of is taken, data frames and their series of
    strings, categories and nullable numbers included. Raises FaultError with every fault.
    """
    names = known_names(given)
    if names is not None and len(given) == len(names):
        given = {meant: given[name] for name, meant in names.items()}
    if set(given) == {"x", "y"}:
        return _save_pair(given, folder, share)
    missing = [name for name in ARRAYS if name not in given]
    extra = sorted(set(given) - {*ARRAYS, SCALE})
    if missing or extra:
        got = ", ".join(map(str, given)) or "none"
        allowed = f"{', '.join(ARRAYS)}; or x and y"
        raise fault("data", "not the arrays of a data set", got, allowed)
    arrays, faults = _plain_arrays(given)
    faults += array_faults(arrays, "data")
    if faults:
        raise FaultError(*faults)
    whole = whole_data(arrays)
    target = _place(folder, "arrays", fingerprint(whole), "npz")
    if not target.is_file():
        save_npz(whole, target)
    return target


def save_frame(frame: Any, folder: Path, where: str) -> Path:
    """Write a data frame as a Parquet file of a folder, and return its path; raises FaultError.

    The file is named by its content: the same frame is written once.
    """
    content: bytes = tables_module("from_frame", where).parquet_of(frame, where)
    return _save_bytes(content, folder, "table", "parquet")


def _save_pair(given: Mapping[str, ArrayLike], folder: Path, share: float) -> Path:
    arrays, faults = _plain_arrays(given)
    from_arrays(arrays, faults, "data", share)
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **arrays)
    return _save_bytes(stream.getvalue(), folder, "arrays", "npz")


def _save_bytes(content: bytes, folder: Path, kind: str, ending: str) -> Path:
    target = _place(folder, kind, hashlib.sha256(content).hexdigest(), ending)
    if not target.is_file():
        try:
            write_new(target, lambda file: file.write(content))
        except FileExistsError:
            pass  # by another process, meanwhile: of the same content
        except OSError as error:
            raise _unwritable(folder, error) from error
    return target


def _place(folder: Path, kind: str, digest: str, ending: str) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return folder / f"{kind}-{digest[:_HASH_SIGNS]}.{ending}"


def _unwritable(folder: Path, error: OSError) -> FaultError:
    return fault(str(folder), f"cannot be written: {error.strerror or error}")


def _plain_arrays(given: Mapping[str, ArrayLike]) -> tuple[dict[str, NDArray[Any]], list[Fault]]:
    arrays, faults = {}, []
    for name, values in given.items():
        try:
            arrays[name] = _plain(np.asarray(values))
        except ValueError as error:  # rows of unequal lengths
            faults.append(Fault(f"data, {name}", f"no array: {error}"))
    return arrays, faults


def _plain(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array of Python objects that all have one type as an array of that type.

    pandas gives strings, categories and nullable numbers as objects; a missing value is of another
    type than the rest, and the array stays as it is.
    """
    if array.dtype != object:
        return array
    types = {type(value) for value in array.flat}
    return array.astype(types.pop()) if len(types) == 1 and types <= _TYPES else array
