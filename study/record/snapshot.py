"""A study as it is now, for those who only look: on this machine, or in PostgreSQL."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from reports.record import StudyRecord
from search_spaces.faults import FaultError
from study.record.collect import collect
from study.run_dir.changes import Look
from study.run_dir.folder import open_run
from study.run_dir.lock import is_held
from study.run_dir.names import check_study_name
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import Plan, database_url, find_plan, read_plan
from study.run_dir.replica import NoReplica
from study.run_dir.urls import is_postgres


def find_run(runs_dir: Path, name: str, storage: str | None) -> RunDirectory:
    """Return a study's run directory, empty where only the storage holds the study.

    Raises FaultError where neither does.
    """
    run = RunDirectory(runs_dir / check_study_name(name))
    if not run.exists() and storage and is_postgres(storage) and _postgres().is_kept(storage, name):
        return run
    return open_run(runs_dir, name)


@dataclass(frozen=True)
class Snapshot:
    """A run directory to read from, and the plan in it."""

    run: RunDirectory
    plan: Plan


@contextmanager
def snapshot(run: RunDirectory, storage: str | None) -> Iterator[Snapshot]:
    """Give a run directory to read from, up to date whichever machine the study runs on.

    It is the study's own, or a copy of what its PostgreSQL storage keeps, gone afterwards. Raises
    FaultError where neither holds a plan.
    """
    plan = find_plan(run)
    url = database_url(run, plan, storage)
    if url is None:
        yield Snapshot(run, plan or read_plan(run))
        return
    with TemporaryDirectory(prefix="dense-study-") as folder:
        copy = RunDirectory(Path(folder) / run.name)
        if not _postgres().write_copy(url, copy):
            yield Snapshot(run, plan or read_plan(run))
            return
        if run.weights.is_dir():
            copy.weights.symlink_to(run.weights.absolute())  # these are kept here alone
        copy = replace(copy, replica=NoReplica(_postgres().openings_of(url)))
        yield Snapshot(copy, read_plan(copy))


def activity(run: RunDirectory, storage: str | None) -> Look | None:
    """Return how to see from elsewhere whether and how a study goes on; None for the files' way."""
    url = database_url(run, find_plan(run), storage)
    return None if url is None else partial(_postgres().sizes, url, run.name)


def collect_snapshot(run: RunDirectory, storage: str | None = None) -> StudyRecord:
    """Return the whole record of a study as it is now; raises FaultError."""
    # Asked first: what ends meanwhile was running just now.
    is_running = _is_run(run, storage)
    with snapshot(run, storage) as there:
        return collect(there.run, there.plan, storage, is_running=is_running, place=run)


def _is_run(run: RunDirectory, storage: str | None) -> bool:
    """Tell whether a process runs the study, on this machine or another one."""
    look = activity(run, storage)
    if look is not None:
        return look() is not None
    try:
        return is_held(run)
    except FaultError:
        return False  # its file system has no locks: nobody can run a study there


def _postgres() -> ModuleType:
    """Return what reads studies from PostgreSQL; by name, since SQLAlchemy takes its time."""
    return importlib.import_module("study.database.reader")
