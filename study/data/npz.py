"""Read the arrays of an .npz file that nobody vouches for, without pickle and within a size."""

import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import Fault
from study.data.array_names import known_names
from study.data.arrays import (
    ARRAYS,
    COLUMNS,
    GROUPS,
    IDENTITY,
    SCALE,
    TEST_GROUPS,
    TEST_WEIGHTS,
    WEIGHT,
    WEIGHTS,
)
from study.data.broken_archives import BROKEN

_OF_TABLES = (COLUMNS, GROUPS, TEST_GROUPS, IDENTITY, WEIGHT, WEIGHTS, TEST_WEIGHTS)
_NAMES = (*ARRAYS, SCALE, *_OF_TABLES)


def read_npz(
    path: Path, limit_bytes: int, where: str
) -> tuple[dict[str, NDArray[Any]], list[Fault]]:
    """Return the arrays that can be read and a fault for everything that is wrong with the file.

    They go by the names of ARRAYS and SCALE, or by others that `known_names` knows.
    """
    try:
        if path.is_dir():
            return {}, [Fault(where, "this is a folder", allowed="an .npz file")]
        if path.exists() and not path.is_file():
            return {}, [Fault(where, "not a regular file", allowed="an .npz file")]
        with zipfile.ZipFile(path) as archive:
            return _read_members(archive, where, limit_bytes)
    except FileNotFoundError:
        return {}, [Fault(where, "there is no such file")]
    except zipfile.BadZipFile:
        what = "not an .npz file, or a truncated one"
        return {}, [Fault(where, what, allowed="a file written by numpy.savez")]
    except OSError as error:
        return {}, [Fault(where, f"the file cannot be read: {error.strerror or error}")]
    except BROKEN as error:
        return {}, [Fault(where, f"the file cannot be read as an .npz file: {_first_line(error)}")]


def _read_members(
    archive: zipfile.ZipFile, where: str, limit_bytes: int
) -> tuple[dict[str, NDArray[Any]], list[Fault]]:
    members = archive.infolist()
    found = [member.filename.removesuffix(".npy") for member in members]
    other = known_names(found)
    faults = [] if other else _name_faults([member.filename for member in members], where)
    taken = other or _known(found)
    size = sum(member.file_size for member in members)
    if size > limit_bytes:
        allowed = f"up to {limit_bytes:,} bytes"
        faults.append(Fault(where, "the arrays are too large", f"{size:,} bytes", allowed))
        return {}, faults
    arrays = {}
    for member in members:
        name = member.filename.removesuffix(".npy")
        if name in taken and name != member.filename and name not in arrays:
            try:
                with archive.open(member) as stream:
                    arrays[name] = _read_array(stream, member.file_size)
            except BROKEN as error:
                what = f"the array cannot be read: {_first_line(error)}"
                faults.append(Fault(f"{where}, {name}", what))
    return arrays, faults


def _name_faults(filenames: list[str], where: str) -> list[Fault]:
    names = [name.removesuffix(".npy") if name.endswith(".npy") else name for name in filenames]
    found, allowed = _shorten(list(dict.fromkeys(names))) or "none", ", ".join(ARRAYS)
    missing = [name for name in ARRAYS if f"{name}.npy" not in filenames]
    extra = sorted({name for name in names if name not in _known(names)})
    twice = sorted({name for name in _NAMES if names.count(name) > 1})
    faults = []
    if missing:
        what = f"missing array{'s' * (len(missing) > 1)} {', '.join(missing)}"
        faults.append(Fault(where, what, found, allowed))
    if extra:
        what = f"unknown array{'s' * (len(extra) > 1)}"
        faults.append(Fault(where, what, _shorten(extra), allowed))
    if twice:
        what = f"repeated array{'s' * (len(twice) > 1)}"
        faults.append(Fault(where, what, _shorten(twice), allowed))
    return faults


def _known(names: Collection[str]) -> tuple[str, ...]:
    """Return the names that arrays have beside these: those of a table only where it is one."""
    return _NAMES if COLUMNS in names else (*ARRAYS, SCALE)


def _read_array(stream: IO[bytes], size: int) -> NDArray[Any]:
    version = np.lib.format.read_magic(stream)
    if version == (1, 0):
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
    elif version == (2, 0):
        shape, fortran, dtype = np.lib.format.read_array_header_2_0(stream)
    else:
        raise ValueError(f"array format {version[0]}.{version[1]} instead of 1.0 or 2.0")
    if dtype.hasobject:
        raise ValueError("it holds Python objects, which only pickle could read")
    count = 1
    for length in shape:
        count *= length
    # A header may claim more than the file holds: believe the file, before memory is asked for.
    promised = count * dtype.itemsize
    if min(shape, default=0) < 0 or promised != size - stream.tell():
        raise ValueError(f"its header promises {promised:,} of {size - stream.tell():,} bytes")
    content = stream.read()
    if len(content) != promised:
        raise ValueError(f"it ends after {len(content):,} of {promised:,} bytes")
    array: NDArray[Any] = np.frombuffer(content, dtype=dtype, count=count)
    return array.reshape(shape, order="F" if fortran else "C")


def _first_line(error: BaseException) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__


def _shorten(names: list[str], most: int = 5) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest
