"""One coordinator a run directory: a lock that dies with its owner."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from search_spaces.faults import fault
from study.run_dir.paths import RunDirectory


@contextmanager
def locked(run: RunDirectory) -> Iterator[None]:
    """Hold the run directory for this process alone; raises FaultError naming who holds it.

    The kernel drops the lock when its owner ends, however it ends: there is no stale lock.
    """
    try:
        handle = os.open(run.lock, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise fault(str(run.lock), f"cannot be written: {error.strerror}") from error
    with os.fdopen(handle, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = file.read().strip() or "unknown"
            what = f"another process (pid {owner}) is running this study"
            raise fault(str(run.root), what, allowed="wait for its end, or stop it") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)
