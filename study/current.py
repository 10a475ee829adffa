"""A study as it is now, for those who only look: on this machine, or in PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from reports.record import StudyRecord
from study.collect import collect
from study.database.copied import glance, is_kept, write_copy
from study.database.scheme import is_postgres
from study.plan import database_url
from study.run_directory import RunDirectory, check_study_name, open_run
from study.watching import Look


def find_run(runs_dir: Path, name: str, storage: str | None) -> RunDirectory:
    """Return a study's run directory, empty where only the storage holds the study.

    Raises FaultError where neither does.
    """
    run = RunDirectory(runs_dir / check_study_name(name))
    if not run.exists() and storage and is_postgres(storage) and is_kept(storage, name):
        return run
    return open_run(runs_dir, name)


@contextmanager
def current(run: RunDirectory, storage: str | None) -> Iterator[RunDirectory]:
    """Give a run directory to read from, up to date whichever machine the study runs on.

    It is the study's own, or a copy of what its PostgreSQL storage keeps, gone afterwards.
    """
    url = database_url(run, storage)
    if url is None:
        yield run
        return
    with TemporaryDirectory(prefix="dense-study-") as folder:
        copy = RunDirectory(Path(folder) / run.name)
        is_there = write_copy(url, copy)
        if is_there and run.weights.is_dir():
            copy.weights.symlink_to(run.weights.absolute())  # these are kept here alone
        yield copy if is_there else run


def looker(run: RunDirectory, storage: str | None) -> Look | None:
    """Return how to see from elsewhere whether and how a study goes on; None for the files' way."""
    url = database_url(run, storage)
    return None if url is None else partial(glance, url, run.name)


def collect_current(run: RunDirectory, storage: str | None = None) -> StudyRecord:
    """Return the whole record of a study as it is now; raises FaultError."""
    with current(run, storage) as there:
        return collect(there, storage)
