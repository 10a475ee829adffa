"""Find the place where a data set can be read, without reading it."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from search_spaces.data_source import AS_IT_IS, DataOptions
from search_spaces.faults import fault, perhaps_meant
from search_spaces.text_file import is_there
from study.data.arrays import WholeData
from study.data.idx import IDX_FILES, read_idx_folder
from study.data.known import KNOWN
from study.data.own_data import read_own_data
from study.data.parse import read_whole
from study.data.places import download_folder, given_file, keras_folder
from study.machine import memory_limit


@dataclass(frozen=True)
class Source:
    """A place to read a data set from, as often as need be; `name` is None for a user's file."""

    name: str | None
    place: str
    read: Callable[[], WholeData]


def local_source(name: str, environ: Mapping[str, str]) -> Source | None:
    """Return where a known data set lies on this machine, None where it does not.

    One that is not built in is looked for in this order: $DENSE_STUDY_DATA/<name>.npz, Keras's
    cache, our own downloads. Raises FaultError where $DENSE_STUDY_DATA names no folder.
    """
    built_in = KNOWN[name].read
    if built_in is not None:
        return Source(name, "built in", built_in)
    given, keras, ours = given_file(name, environ), keras_folder(environ), download_folder(environ)
    candidates = [given, keras and keras / f"{name}.npz", ours and ours / f"{name}.npz"]
    packed = keras and keras / name
    for path in candidates:
        if path is not None and _is_file(path):
            return Source(name, str(path), _reader(path))
        if path is candidates[1] and packed and all(map(_is_file, _packed_files(packed))):
            return Source(name, str(packed), lambda: read_idx_folder(packed, memory_limit()))
    return None


def _packed_files(folder: Path) -> list[Path]:
    return [folder / one for one in IDX_FILES.values()]


def _is_file(path: Path) -> bool:
    # What cannot be looked at, as in another user's home, is not there.
    return os.path.isfile(path)  # noqa: PTH113 its pathlib twin raises


def file_source(path: Path, options: DataOptions = AS_IT_IS) -> Source:
    """Return a user's own data as a source; whether it can be read shows when it is."""
    absolute = path.absolute()
    there = replace(
        options, test_data=options.test_data and str(Path(options.test_data).absolute())
    )
    return Source(None, str(path), lambda: read_own_data(absolute, there, memory_limit()))


def known_or_file(name_or_path: str) -> str | Path:
    """Return a known name as it is and anything else as the path of an existing file.

    Raises FaultError where it is neither.
    """
    if name_or_path in KNOWN:
        return name_or_path
    path = Path(name_or_path)
    if not (name_or_path and is_there(path)):
        allowed = f"{', '.join(KNOWN)} or the path of your own data"
        what = f"no such data set or file{perhaps_meant(name_or_path, KNOWN)}"
        raise fault("--data", what, repr(name_or_path), allowed)
    return path


def _reader(path: Path) -> Callable[[], WholeData]:
    return lambda: read_whole(path, memory_limit())
