"""A run directory for work that is no study: gone afterwards, save a log that explains a fault."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from search_spaces.faults import FaultError
from study.run_dir.paths import RunDirectory


@contextmanager
def temporary_run() -> Iterator[RunDirectory]:
    """Yield a run directory that is deleted with the context.

    A FaultError that refers to its log refers to a copy afterwards, which stays.
    """
    with tempfile.TemporaryDirectory(prefix="dense-study-") as folder:
        run = RunDirectory(Path(folder))
        try:
            yield run
        except FaultError as error:
            if str(run.workers_log) not in str(error) or not run.workers_log.is_file():
                raise
            kept = _keep(run.workers_log)
            faults = [replace(one, where=_named(one.where, run, kept)) for one in error.faults]
            raise FaultError(*faults) from error


def _named(where: str, run: RunDirectory, kept: Path) -> str:
    return where.replace(str(run.workers_log), str(kept))


def _keep(log: Path) -> Path:
    handle, name = tempfile.mkstemp(prefix="dense-study-", suffix=".log")
    with open(handle, "wb") as copy, log.open("rb") as original:  # noqa: PTH123 a handle, not a path
        shutil.copyfileobj(original, copy)
    return Path(name)
