"""One coordinator a run directory: a lock that dies with its owner."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from search_spaces.faults import FaultError, fault
from study.file_system import is_locked, lock_file
from study.run_dir.paths import RunDirectory

# Whoever asks whether the lock is held has it for a moment: so often is it tried, at this distance.
_TRIES = 10
_PAUSE_SECONDS = 0.02


@contextmanager
def locked(run: RunDirectory) -> Iterator[None]:
    """Hold the run directory for this process alone; raises FaultError naming who holds it.

    The kernel drops the lock when its owner ends, however it ends: there is no stale lock. The
    number in the file is for messages alone.
    """
    with _locked_file(run) as file:
        try:
            file.truncate(0)
            file.write(str(os.getpid()).encode())
            file.flush()
        except OSError as error:
            raise _unwritable(run.lock, error) from error
        try:
            yield
        finally:
            file.truncate(0)


def is_held(run: RunDirectory) -> bool:
    """Tell whether a process holds the run directory, whatever its lock file says.

    Raises FaultError where that cannot be asked.
    """
    try:
        with run.lock.open("rb") as file:
            return is_locked(file)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise fault(str(run.lock), f"cannot be asked: {error.strerror or error}") from error


def _locked_file(run: RunDirectory) -> BinaryIO:
    for _ in range(_TRIES):
        file = _opened(run.lock)
        try:
            lock_file(file, wait=False)
            # Whoever held it before may have deleted the file, and then this is no lock any more.
            if _is_at(run.lock, file):
                return file
            file.close()
        except (BlockingIOError, PermissionError):  # fcntl's locks may answer by either
            owner = _owner(file)
            file.close()
            time.sleep(_PAUSE_SECONDS)
        except OSError as error:
            file.close()
            what = f"its file system has no locks: {error.strerror or error}"
            raise fault(str(run.lock), what, allowed="a --runs-dir on another one") from error
        else:
            owner = "unknown"
    what = f"another process (pid {owner}) is running this study"
    raise fault(str(run.root), what, allowed="wait for its end, or stop it")


def _opened(path: Path) -> BinaryIO:
    try:
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK, 0o666), "r+b")
    except OSError as error:
        raise _unwritable(path, error) from error


def _is_at(path: Path, file: BinaryIO) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _owner(file: BinaryIO) -> str:
    """Return the process that the file names, which anybody may have written."""
    text = file.read(20).decode("ascii", errors="replace").strip()
    return text if text.isdecimal() and text.isascii() else "unknown"


def _unwritable(path: Path, error: OSError) -> FaultError:
    return fault(str(path), f"cannot be written: {error.strerror or error}")
