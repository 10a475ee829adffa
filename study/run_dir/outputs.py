"""Places that a user names for what a command writes: never a file that a study lives by."""

import errno
import os
from pathlib import Path

from search_spaces.faults import fault
from study.file_system import sweep_temporary
from study.run_dir.atomic import write_atomically, write_into
from study.run_dir.paths import RunDirectory

# Where a file cannot be replaced it may still be written: one that is mounted, a folder shut.
_NOT_REPLACED = frozenset({errno.EBUSY, errno.EACCES, errno.EPERM, errno.EROFS})


def write_output(path: Path, content: bytes) -> None:
    """Write a file where the user wants it, whole or not at all where that can be.

    Raises FaultError where it cannot be written, or is a study's own.
    """
    check_output(path)
    place = Path(os.path.realpath(path))
    sweep_temporary(place.parent, place)
    try:
        _write(path, content)
    except OSError as error:
        raise fault(str(path), f"cannot be written: {error.strerror or error}") from error


def check_output(path: Path) -> None:
    """Raise FaultError for a place of a run directory, but its report and places it has no use for.

    A bundle's folder is the user's own to replace, but nothing in it.
    """
    place = Path(os.path.realpath(path))
    for folder in place.parents:
        run = RunDirectory(folder)
        if _is_run(run) and _is_own(run, place.relative_to(folder)):
            what = f"it is a file of the study in {folder}, which an output never replaces"
            raise fault(str(path), what, allowed="another place")


def _write(path: Path, content: bytes) -> None:
    try:
        write_atomically(path, content)
    except OSError as error:
        if error.errno not in _NOT_REPLACED or not path.is_file():
            raise
        write_into(path, content)


def _is_run(run: RunDirectory) -> bool:
    # The baseline's own run directory has a ledger and no plan.
    signs = (run.plan, *run.lists)
    return any(os.path.exists(sign) for sign in signs)  # noqa: PTH110 a shut folder holds none for us


def _is_own(run: RunDirectory, inside: Path) -> bool:
    if len(inside.parts) > 1 and inside.parts[0] == run.best.name:
        return True
    owned = (
        *run.texts,
        *run.lists,
        run.log,
        run.workers_log,
        run.lock,
        run.weights,
        run.shared_data,
    )
    names = {path.name for path in owned}
    # SQLite keeps more files beside its database, each with its name and an ending.
    return inside.parts[0] in names or inside.parts[0].startswith(run.database.name)
