"""Read idx files, the form in which MNIST and Fashion-MNIST are published."""

import gzip
import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import Fault, FaultError
from study.data.arrays import WholeData
from study.data.parse import array_faults, whole_data

# In the order of ARRAYS.
IDX_FILES = {
    "x_train": "train-images-idx3-ubyte.gz",
    "y_train": "train-labels-idx1-ubyte.gz",
    "x_test": "t10k-images-idx3-ubyte.gz",
    "y_test": "t10k-labels-idx1-ubyte.gz",
}


def read_idx_folder(folder: Path, limit_bytes: int, where: str | None = None) -> WholeData:
    """Read the four files of a folder, which goes by `where` or else by its path.

    Raises FaultError with every fault of them.
    """
    where = where or str(folder)
    arrays: dict[str, NDArray[Any]] = {}
    faults = []
    for name, filename in IDX_FILES.items():
        path = folder / filename
        try:
            arrays[name] = parse_idx(path.read_bytes(), limit_bytes)
        except (OSError, EOFError, ValueError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            faults.append(Fault(f"{where}/{filename}", f"the file cannot be read: {reason}"))
    faults += array_faults(arrays, where)
    if faults:
        raise FaultError(*faults)
    return whole_data(arrays)


def parse_idx(packed: bytes, limit_bytes: int) -> NDArray[np.uint8]:
    """Return the unsigned bytes of an idx file, gzipped or not, in their shape.

    Layout: two zero bytes, the type (8 for unsigned bytes), the number of axes, each axis's length
    as a big-endian 32-bit number, the values. Raises ValueError, EOFError, OSError or zlib.error.
    """
    content = packed
    if not packed.startswith(b"\x00\x00"):
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
            content = stream.read(limit_bytes + 1)
    if len(content) > limit_bytes:
        raise ValueError(f"it unpacks to more than {limit_bytes:,} bytes")
    if len(content) < 4 or content[:3] != b"\x00\x00\x08" or len(content) < 4 + 4 * content[3]:
        raise ValueError("not an idx file of unsigned bytes")
    shape = struct.unpack_from(f">{content[3]}I", content, 4)
    start = 4 + 4 * content[3]
    count = int(np.prod(shape, dtype=object))
    if len(content) - start != count:
        raise ValueError(f"it holds {len(content) - start:,} of {count:,} bytes")
    return np.frombuffer(content, dtype=np.uint8, offset=start).reshape(shape)
