"""Calls that some file systems do not have, and what is done where they are refused."""

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import psutil

# A temporary name is longer than its target's, which may be as long as names can be.
_NAME_KEPT = 32
# How it looks, with the mark of the process that made it: .plan.toml.4711-88120.x8f3k2
_TEMPORARY = re.compile(r"\..+\.(\d{1,10}(?:-\d{1,20})?)\.[A-Za-z0-9_]+")

# What a file system answers that does not have a call at all.
_LACKING = frozenset({errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL, errno.ENOTTY})
# What it answers where modes are not the user's to set or links not to be had, as on FAT.
_MODELESS = _LACKING | {errno.EPERM, errno.EACCES}


def sync(handle: int) -> None:
    """Wait until the disk has a file or folder, where its file system can; raises OSError."""
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _LACKING:
            raise


def sync_folder(folder: Path) -> None:
    """Make the names of a folder durable, where its file system can; raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        sync(handle)
    finally:
        os.close(handle)


def set_mode(path: Path, mode: int) -> None:
    """Set a file's permissions, where its file system has any to set; raises OSError."""
    try:
        path.chmod(mode)
    except OSError as error:
        if error.errno not in _MODELESS:
            raise


def put_new(made: Path, target: Path) -> None:
    """Give a finished file another name that nothing has yet; raises FileExistsError, OSError."""
    try:
        # A link, unlike a rename, never takes the place of a file that is there.
        target.hardlink_to(made)
    except OSError as error:
        if error.errno not in _MODELESS:
            raise
        # No links here: the name is claimed first, by a call that takes none that is there.
        target.open("xb").close()
        made.replace(target)


def lock_file(file: IO[Any], *, shared: bool = False, wait: bool = True) -> None:
    """Lock an open file for as long as it stays open; a shared lock needs it open for reading.

    Taken by flock, else by fcntl's locks where the file system has no flock. Raises BlockingIOError
    where another process has it and `wait` is False, OSError where there are no locks at all.
    """
    how = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
    _first_there(lambda: fcntl.flock(file, how), lambda: fcntl.lockf(file, how))


def is_locked(file: IO[Any]) -> bool:
    """Tell whether another process holds an exclusive lock on a file opened for reading.

    Raises OSError where the file system has no locks.
    """
    try:
        lock_file(file, shared=True, wait=False)
    except (BlockingIOError, PermissionError):  # fcntl's locks may answer by either
        return True
    return False


def _first_there(first: Callable[[], None], second: Callable[[], None]) -> None:
    try:
        first()
    except OSError as error:
        if error.errno not in _LACKING | {errno.ENOLCK}:
            raise
        second()


def process_mark() -> str:
    """Return what names this process, also among those that have its number later."""
    number = os.getpid()
    return f"{number}-{_start_of(number)}"


def is_gone(mark: str) -> bool:
    """Tell whether the process of this mark has ended; a mark may be a number alone."""
    number, _, start = mark.partition("-")
    return not psutil.pid_exists(int(number)) or start not in {"", _start_of(int(number))}


def temporary_prefix(path: Path) -> str:
    """Return how the name of a temporary file begins: its target's name, and who makes it.

    So what a process left that was killed can be known, and removed.
    """
    return f".{path.name[:_NAME_KEPT]}.{process_mark()}."


def sweep_temporary(folder: Path, target: Path | None = None) -> None:
    """Remove the temporary files of processes that are gone, all or those of one target.

    What cannot be removed stays.
    """
    begin = "." if target is None else f".{target.name[:_NAME_KEPT]}."
    sweep(folder, _TEMPORARY, begin)


def sweep(folder: Path, form: re.Pattern[str], begin: str = "") -> None:
    """Remove what has such a name, whose first group is the mark of a process that is gone."""
    with suppress(OSError):
        for path in list(folder.iterdir()):
            found = form.fullmatch(path.name) if path.name.startswith(begin) else None
            if found is not None and is_gone(found[1]):
                remove(path)


def remove(path: Path) -> None:
    """Remove a file or a whole folder, as far as that can be."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def _start_of(number: int) -> str:
    """Return when a process started, in ticks since the machine did: no clock is set so."""
    try:
        fields = Path(f"/proc/{number}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return fields[19]  # field 22 of proc(5), and the first two are cut off
