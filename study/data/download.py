"""Download a data set that is known by name into the user's cache folder, once and whole."""

import hashlib
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import filelock
import numpy as np

from search_spaces.faults import FaultError, fault
from study.data.arrays import WholeData
from study.data.fetch import DEFAULT_LIMITS, FetchError, Limits, fetch
from study.data.idx import read_idx_folder
from study.data.known import Known
from study.data.known_hash import check_known
from study.data.parse import read_whole
from study.data.places import DATA_FOLDER, download_folder
from study.file_system import sweep_temporary, temporary_prefix
from study.machine import memory_limit

MIRROR = "DENSE_STUDY_MIRROR"


def say_nothing(text: str) -> None:
    """Keep quiet."""


def download(
    name: str,
    known: Known,
    environ: Mapping[str, str],
    say: Callable[[str], None] = say_nothing,
    limits: Limits = DEFAULT_LIMITS,
) -> Path:
    """Return the downloaded .npz file of a known data set; its content is checked before it lies.

    One process downloads, others wait for it. $DENSE_STUDY_MIRROR replaces the addresses. Raises
    FaultError with what each address answered.
    """
    folder = download_folder(environ)
    if folder is None:
        what = "it is not on this machine, and there is no home folder to download it to"
        raise fault(name, what, allowed=f"{_ways(name)}, or a folder in $XDG_CACHE_HOME")
    target = folder / f"{name}.npz"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # The lock file stays: removing it would let two processes hold "the" lock at once.
        with filelock.FileLock(folder / f"{name}.lock", timeout=limits.lock_seconds):
            if not target.is_file():
                say(f"Downloading {name} to {target}")
                sweep_temporary(folder, target)
                prefix = temporary_prefix(target)
                with tempfile.TemporaryDirectory(prefix=prefix, dir=folder) as temporary:
                    _from_any(name, known, environ, limits, Path(temporary)).replace(target)
    except filelock.Timeout as error:
        what = f"another process has been downloading it for {limits.lock_seconds:g} seconds"
        raise fault(name, what, error.lock_file, "wait, or end that process") from error
    except OSError as error:
        what = "the download folder cannot be written"
        raise fault(str(folder), f"{what}: {error.strerror or error}") from error
    return target


def _from_any(
    name: str, known: Known, environ: Mapping[str, str], limits: Limits, temporary: Path
) -> Path:
    mirror = environ.get(MIRROR)
    answers = []
    for address in (mirror,) if mirror else known.addresses:
        try:
            return _from_one(name, known, address.rstrip("/"), limits, temporary)
        except (FetchError, FaultError) as error:
            answers.append(f"{address}: {error}")
    what = "it is not on this machine and cannot be downloaded"
    raise fault(name, what, "; ".join(answers), _ways(name))


def _ways(name: str) -> str:
    return f"a file by --data PATH, or {name}.npz in the folder ${DATA_FOLDER} names"


def _from_one(name: str, known: Known, address: str, limits: Limits, temporary: Path) -> Path:
    for remote in known.remotes:
        path = temporary / remote.filename
        fetch(f"{address}/{remote.filename}", path, limits)
        if remote.md5 is not None and _md5(path) != remote.md5:
            raise FetchError(f"{remote.filename} is not the published file")
    packed = temporary / known.remotes[0].filename
    if packed.suffix == ".npz":
        check_known(name, known, read_whole(packed, memory_limit(), packed.name), packed.name)
        return packed
    whole = read_idx_folder(temporary, memory_limit(), name)
    check_known(name, known, whole, name)
    return _repacked(whole, temporary / f"{name}.npz")


def _repacked(whole: WholeData, path: Path) -> Path:
    shape = (-1, *whole.image_shape)
    np.savez_compressed(
        path,
        x_train=whole.train.inputs.reshape(shape),
        y_train=whole.train.labels,
        x_test=whole.test.inputs.reshape(shape),
        y_test=whole.test.labels,
    )
    return path


def _md5(path: Path) -> str:
    with path.open("rb") as stream:
        # Upstream publishes no stronger sum; it tells a torn or changed file, not a forged one.
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
