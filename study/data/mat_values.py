"""The variables of a MATLAB file that nobody vouches for, those in structs by their paths."""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import scipy.io
from numpy.typing import NDArray
from scipy.io.matlab import MatReadError, MatReadWarning

from search_spaces.faults import fault
from study.data.broken_archives import BROKEN
from study.data.file_bytes import check_regular

Variables = Mapping[str, NDArray[Any]]

_HEAD = 128
_HDF5 = b"\x89HDF\r\n\x1a\n"
_COMPRESSED = 15
_CHUNK = 1 << 20
_DEEPEST = 8
_SAVE = "a file saved with save(..., '-v7')"


def is_mat(path: Path, head: bytes) -> bool:
    """Tell from a file's name and beginning whether it is one of MATLAB's."""
    return path.suffix.lower() == ".mat" or head.startswith(b"MATLAB ")


def read_variables(path: Path, limit_bytes: int, where: str) -> Variables:
    """Return the arrays of numbers and of texts by their names, such as dataset.train.images.

    Other things, such as sparse matrices, are left out. Raises FaultError where the file cannot be
    read, unpacks to more than the limit, or is of version 7.3 (HDF5).
    """
    check_regular(path, where)
    try:
        size = path.stat().st_size
        if size > limit_bytes:
            got, allowed = f"{size:,} bytes", f"up to {limit_bytes:,} bytes"
            raise fault(where, "the file is too large", got, allowed)
        content = path.read_bytes()
    except OSError as error:
        raise fault(where, f"the file cannot be read: {error.strerror or error}") from error
    if content.startswith((_HDF5, b"MATLAB 7.3")):
        raise fault(where, "a MATLAB file of version 7.3 (HDF5)", allowed=_SAVE)
    if not content.startswith(b"MATLAB 5.0"):
        raise fault(where, "not a MATLAB file of version 5 to 7", allowed=_SAVE)
    try:
        _check_unpacked(content, limit_bytes, where)
        with warnings.catch_warnings():
            warnings.simplefilter("error", MatReadWarning)
            found = scipy.io.loadmat(io.BytesIO(content), verify_compressed_data_integrity=True)
    except (*BROKEN, MatReadError, MatReadWarning, LookupError) as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise fault(where, f"the file cannot be read as a MATLAB file: {reason}") from error
    own = {name: value for name, value in found.items() if not name.startswith("__")}
    return {name: one for key in own for name, one in _arrays(key, own[key], _DEEPEST)}


def _check_unpacked(content: bytes, limit_bytes: int, where: str) -> None:
    """Raise FaultError where all variables together unpack to more than the limit.

    Each is a tag of two 32-bit numbers, type and length, and what follows ("MAT-File Format", The
    MathWorks, Level 5). Raises ValueError or zlib.error where the file is no such.
    """
    order = {b"IM": "<", b"MI": ">"}.get(content[_HEAD - 2 : _HEAD])
    if order is None:
        raise ValueError("its header is damaged")
    place, total = _HEAD, 0
    while place < len(content):
        if place + 8 > len(content):
            raise ValueError("it is cut short")
        kind, length = struct.unpack_from(f"{order}II", content, place)
        place += 8
        if place + length > len(content):
            raise ValueError("it is cut short")
        total += length
        if kind == _COMPRESSED:
            unpacked = zlib.decompressobj()
            rest = content[place : place + length]
            while rest and not unpacked.eof and total <= limit_bytes:
                total += len(unpacked.decompress(rest, _CHUNK))
                rest = unpacked.unconsumed_tail
        if total > limit_bytes:
            raise fault(where, f"it unpacks to more than {limit_bytes:,} bytes")
        place += length


def _arrays(name: str, value: Any, deep: int) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield the arrays in a variable with their paths; a struct of one element has its fields."""
    if not isinstance(value, np.ndarray):
        return  # a sparse matrix, a function
    if value.dtype.names and value.size == 1 and deep:
        inner = value.reshape(-1)[0]
        for field in value.dtype.names:
            yield from _arrays(f"{name}.{field}", inner[field], deep - 1)
    elif value.dtype == object:
        texts = [one.item() if _is_text(one) else None for one in value.flat]
        if texts and all(isinstance(one, str) for one in texts):
            yield name, np.array(texts).reshape(value.shape)
    elif value.dtype.kind in "biufU":
        yield name, np.char.rstrip(value) if value.dtype.kind == "U" else value


def _is_text(value: object) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "U" and value.size == 1
