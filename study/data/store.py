"""Training data as files of a folder, from which workers map it into memory."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.json_values import from_json, to_json
from search_spaces.faults import FaultError, fault
from search_spaces.json_text import read_json
from study.data.values import About, Examples, TrainingData
from study.file_system import set_mode, sync, temporary_prefix

_META = "meta.json"
_INPUTS = "inputs.npy"
_LABELS = "labels.npy"
_GROUPS = "groups.npy"
_WEIGHTS = "weights.npy"
# Not always there.
_BESIDE = (_GROUPS, _WEIGHTS)


def save_training_data(folder: Path, training: TrainingData) -> None:
    """Write the folder in one step; a folder that already holds this data stays as it is.

    Raises FaultError where the folder cannot be written.
    """
    if stored_fingerprint(folder) != training.about.fingerprint:
        with _replaced(folder) as unfinished:
            _write(unfinished, training)


def pack_training_data(folder: Path) -> dict[str, bytes]:
    """Return the stored files by name, to be sent elsewhere; raises FaultError."""
    try:
        beside = [name for name in _BESIDE if (folder / name).is_file()]
        names = (_META, _INPUTS, _LABELS, *beside)
        return {name: (folder / name).read_bytes() for name in names}
    except OSError as error:
        what = "the stored training data cannot be read"
        raise fault(str(folder), f"{what}: {error.strerror or error}") from error


def unpack_training_data(folder: Path, files: dict[str, bytes]) -> None:
    """Write the folder that was packed elsewhere in one step; raises FaultError."""
    with _replaced(folder) as unfinished:
        for name in (_META, _INPUTS, _LABELS, *_BESIDE):
            if name in files:
                (unfinished / name).write_bytes(files[name])


@contextmanager
def _replaced(folder: Path) -> Iterator[Path]:
    """Yield an empty folder that takes the place of `folder` once it is filled."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=temporary_prefix(folder), dir=folder.parent))
        try:
            yield temporary
            set_mode(temporary, 0o755)  # mkdtemp's own mode shuts out workers of other users
            if folder.exists():
                shutil.rmtree(folder)
            temporary.rename(folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        what = "the training data cannot be stored"
        raise fault(str(folder), f"{what}: {error.strerror or error}") from error


def stored_fingerprint(folder: Path) -> str | None:
    """Return the fingerprint of the data that lies there whole, None where there is none."""
    try:
        meta = read_json((folder / _META).read_bytes(), str(folder / _META))
        files = meta["files"]
        intact = all(_file_hash(folder / name) == files[name] for name in _arrays(files))
        return str(meta["about"]["fingerprint"]) if intact else None
    except (OSError, FaultError, KeyError, TypeError, AttributeError):
        return None  # whatever is there is no stored data, and is written anew


def open_training_data(folder: Path) -> TrainingData:
    """Return the stored data, memory-mapped and read-only, once its bytes proved unchanged.

    Raises FaultError where files are missing or differ from what was stored.
    """
    try:
        meta = read_json((folder / _META).read_bytes(), str(folder / _META))
        arrays = {}
        for name in _arrays(meta["files"]):
            if _file_hash(folder / name) != meta["files"][name]:
                raise fault(str(folder / name), "the file differs from what was stored")
            arrays[name] = np.load(folder / name, mmap_mode="r", allow_pickle=False)
        return TrainingData(
            from_json(About, meta["about"], str(folder / _META)),
            Examples(arrays[_INPUTS], arrays[_LABELS], weights=arrays.get(_WEIGHTS)),
            arrays.get(_GROUPS),
        )
    except OSError as error:
        what = "the stored training data cannot be read"
        raise fault(str(folder), f"{what}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise fault(str(folder), f"the stored training data is damaged: {error}") from error


def _arrays(files: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the arrays that lie there."""
    return (_INPUTS, _LABELS, *(name for name in _BESIDE if name in files))


def _write(folder: Path, training: TrainingData) -> None:
    arrays: dict[str, NDArray[Any]] = {
        _INPUTS: training.examples.inputs,
        _LABELS: training.examples.labels,
    }
    if training.groups is not None:
        arrays[_GROUPS] = training.groups
    if training.examples.weights is not None:
        arrays[_WEIGHTS] = training.examples.weights
    for name, array in arrays.items():
        np.save(folder / name, array, allow_pickle=False)
    hashes = {name: _file_hash(folder / name) for name in arrays}
    meta = {"about": to_json(training.about), "files": hashes}
    with (folder / _META).open("w", encoding="utf-8") as stream:
        json.dump(meta, stream, indent=1)
        stream.flush()
        sync(stream.fileno())


def _file_hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
