"""Files that are written whole or not at all."""

import os
import stat
import tempfile
from pathlib import Path

from study.file_system import set_mode, sync, temporary_prefix


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, durably; raises OSError.

    Links are followed, and a file that is replaced keeps its permissions. A device or a pipe cannot
    be replaced: that is written into.
    """
    target = Path(os.path.realpath(path))
    found = _status(path)
    if found is None:
        _replace(target, content, 0o666 & ~_umask())
    elif stat.S_ISREG(found.st_mode) and _is_at(target, found):
        _replace(target, content, stat.S_IMODE(found.st_mode) & 0o777)
    else:
        # Also a file that has no name of its own, as /dev/stdout may be.
        write_into(path, content)


def write_into(path: Path, content: bytes) -> None:
    """Write to what is there already, a pipe or a device or a file; raises OSError."""
    with path.open("wb") as stream:
        stream.write(content)


def _replace(path: Path, content: bytes, mode: int) -> None:
    # The temporary file lies beside its target, since a rename is atomic only on one file system.
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=temporary_prefix(path))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            sync(file.fileno())
        # mkstemp lets only its owner read; a report is to be read by whom the umask allows.
        set_mode(Path(temporary), mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _is_at(path: Path, found: os.stat_result) -> bool:
    here = _status(path)
    return here is not None and os.path.samestat(here, found)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
