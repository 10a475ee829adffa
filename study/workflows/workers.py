"""Open what a workflow works with: the run directory for itself alone, its storage, its workers."""

import importlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from study.coordinator.interrupts import Interrupts, caught_interrupts
from study.coordinator.jobs import run_jobs
from study.data.store import save_training_data
from study.data.values import TrainingData
from study.database.reconnect import RECONNECT, Reconnect
from study.executors.choose import THIS_MACHINE, Place, Workers, opened_workers
from study.executors.gpus import Gpu, chosen_gpus
from study.executors.own_network import OwnNetwork
from study.executors.protocol import Event, Failed, Finished, Job
from study.file_system import remove
from study.machine import cores
from study.networks.tasks import OpenAsk, network_process
from study.run_dir.leftovers import check_no_remains, sweep_files, sweep_folders
from study.run_dir.lock import locked
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import Plan, database_url, find_plan
from study.run_dir.user_ledger import user_ledger


@dataclass(frozen=True)
class Programs:
    """Commands that start a worker, and the process that holds Keras for others; () for ours."""

    worker: Sequence[str] = ()
    network: Sequence[str] = ()


PROGRAMS = Programs()


@dataclass(frozen=True)
class Workplace:
    """A run directory that is this process's own, with warm workers, interrupts that are counted.

    `run` has its replica and `owned` is the OwnedStorage where PostgreSQL keeps the study; `plan`
    is None where the study has none yet. `reconnect` waits for a storage until a request to end.
    `open_ask` starts the process that holds Keras, `gpus` are what workers train on, if any.
    """

    run: RunDirectory
    plan: Plan | None
    owned: Any  # its own module would import SQLAlchemy before the workers start
    reconnect: Reconnect
    executor: Workers
    open_ask: OpenAsk
    interrupts: Interrupts
    gpus: Sequence[Gpu] = ()

    def open_data(self, training: TrainingData) -> None:
        """Lay the training data down where workers map it, and let them; raises FaultError."""
        save_training_data(self.run.shared_data, training)
        self.executor.open_data(self.run.shared_data)


@contextmanager
def opened_workplace(
    run: RunDirectory,
    place: Place,
    jobs: int | None,
    say: Callable[[str], None],
    storage: str | None = None,
    *,
    may_begin: bool = False,
    programs: Programs = PROGRAMS,
    network: OwnNetwork | None = None,
) -> Iterator[Workplace]:
    """Lock the run directory, own its database if any, count interrupts, start the workers.

    Workers import what they need while the study begins. Without `jobs` there are as many as the
    study had, or as the machine has cores; on a cluster as many as it has room for. They end with
    the context, and what only they needed is taken away. With `may_begin` the run directory is made
    if need be, and taken away again where no study came to be. `network` is what a user's own
    function builds, None for ours. Raises FaultError.
    """
    user_ledger(os.environ)  # a mistyped switch would else show when the test split is opened
    with ExitStack() as stack:
        stack.enter_context(claimed(run) if may_begin else locked(run))
        interrupts = stack.enter_context(caught_interrupts())
        plan = find_plan(run)
        owned = None
        reconnect = replace(RECONNECT, pause=interrupts.sleep)
        if database_url(run, plan, storage) is not None:
            ownership = importlib.import_module("study.database.ownership")
            study = stack.enter_context(ownership.owned_study(run, plan, storage, reconnect))
            run, plan, owned = study.run, study.plan, study.storage
        if may_begin and plan is None:
            check_no_remains(run)
        sweep_files(run)
        sweep_folders(run.root.parent)
        if jobs is None and not place.is_elastic:
            jobs = plan.jobs if plan else cores()
        gpus = chosen_gpus(place.device, run.workers_log, say)
        stack.callback(shutil.rmtree, run.shared_data, ignore_errors=True)
        executor = stack.enter_context(
            opened_workers(place, jobs or 0, run.workers_log, say, programs.worker, network, gpus)
        )
        open_ask = partial(network_process, run.workers_log, programs.network, network)
        yield Workplace(run, plan, owned, reconnect, executor, open_ask, interrupts, gpus)


@contextmanager
def opened_executor(training: TrainingData, workers: int, log: Path) -> Iterator[Workers]:
    """Yield workers of this machine that hold the training data; they end with the context.

    What they write to stderr goes to the log.
    """
    with (
        TemporaryDirectory(prefix="dense-study-") as folder,
        opened_workers(THIS_MACHINE, workers, log, lambda _: None) as executor,
    ):
        save_training_data(Path(folder) / "data", training)
        executor.open_data(Path(folder) / "data")
        yield executor


def train_in_workers(
    training: TrainingData,
    jobs: Sequence[Job],
    workers: int,
    log: Path,
    on_event: Callable[[Event], None] = lambda _: None,
) -> dict[int, Finished | Failed]:
    """Return the end of every job, by its number, outside a study."""
    with opened_executor(training, workers, log) as executor:
        return run_jobs(executor, jobs, on_event)


def trains_alone(training: TrainingData, log: Path) -> Callable[[Job], Finished | Failed]:
    """Return what trains a job in a worker that is started for it alone."""
    return lambda job: train_in_workers(training, [job], 1, log)[job.job]


@contextmanager
def claimed(run: RunDirectory) -> Iterator[None]:
    """Make the run directory and hold it; take back what was made where no study came to be.

    Taken back is only what was not there when the lock was taken, and before it is given back: two
    that begin at once never touch each other's files. Raises FaultError as `locked` does.
    """
    made = [folder for folder in (run.root, *run.root.parents) if not folder.exists()]
    run.create()
    with locked(run):
        there = {path.name for path in run.root.iterdir()} - {run.lock.name}
        try:
            yield
        finally:
            if not run.exists():
                _take_back(run.root, there, made)


def _take_back(root: Path, there: set[str], made: list[Path]) -> None:
    for path in root.iterdir():
        if path.name not in there:
            remove(path)
    for folder in made:
        with suppress(OSError):  # somebody else put something there
            folder.rmdir()
