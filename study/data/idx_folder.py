"""Read a user's folder of idx files with names as those of MNIST, gzipped or not."""

import re
import zlib
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from search_spaces.faults import Fault, FaultError, fault
from study.data.arrays import ARRAYS, WholeData
from study.data.idx import parse_idx
from study.data.parse import from_arrays

_NAME = re.compile(
    r"(.*[-_.])?(?P<split>train|t10k|test)[-_.](?P<kind>images|labels)[-_.]idx[13]([-_.]ubyte)?(\.gz)?",
    re.IGNORECASE,
)


def has_idx_files(folder: Path) -> bool:
    """Tell whether a folder holds files with the names of MNIST's."""
    return bool(_named(folder))


def read_any_idx_folder(folder: Path, share: float, limit_bytes: int, where: str) -> WholeData:
    """Read the training files and, where they are there, the test files; raises FaultError.

    Without test files a `share` of the images is cut off (0: a fifth).
    """
    files = _named(folder)
    has_test = "x_test" in files or "y_test" in files
    needed = ARRAYS if has_test else ARRAYS[:2]
    missing = [name for name in needed if name not in files]
    if missing:
        got = ", ".join(sorted(file.name for file in files.values()))
        what = "idx files are missing: those of " + ", ".join(missing)
        raise fault(where, what, got, "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-...")
    arrays: dict[str, NDArray[Any]] = {}
    faults = []
    for name in needed:
        try:
            arrays[name] = parse_idx(files[name].read_bytes(), limit_bytes)
        except (OSError, EOFError, ValueError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            faults.append(Fault(str(files[name]), f"the file cannot be read: {reason}"))
    if faults:
        raise FaultError(*faults)
    if not has_test:
        arrays = {"x": arrays["x_train"], "y": arrays["y_train"]}
    return from_arrays(arrays, [], where, share)


def _named(folder: Path) -> dict[str, Path]:
    """Return the files by the names of their arrays; one that is there twice is taken once."""
    found = {}
    for file in sorted(folder.iterdir()):
        name = _NAME.fullmatch(file.name)
        if name and file.is_file():
            axis = "x" if name["kind"].lower() == "images" else "y"
            split = "train" if name["split"].lower() == "train" else "test"
            found[f"{axis}_{split}"] = file
    return found
