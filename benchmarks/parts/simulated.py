"""Simulated trials: what the coordinator costs, and how close workers come to their number.

`throughput.py` and `cluster_limits.py` print these figures. Trials sleep (`sleeping_worker.py`) or
take no time at all, so that many workers fit on a small machine.
"""

import os
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from search_spaces.read import load_space, read_space
from search_spaces.space import Space
from study.coordinator.callbacks import NoCallbacks
from study.coordinator.interrupts import Interrupts
from study.coordinator.recorded_trials import RecordedTrials
from study.coordinator.search import SearchTask, run_search
from study.coordinator.storage import open_storage
from study.coordinator.trial_log import TrialLog
from study.data.load import load_data
from study.data.store import save_training_data
from study.engine.results import EpochResult, TrialResult
from study.executors.local import LocalExecutor
from study.executors.protocol import EpochEnded, Event, Executor, Finished, Job, Started
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import Plan
from study.workflows.plans import first_plan
from study.workflows.request import Request

HERE = Path(__file__).parent
BENCHMARKS = HERE.parent
# What simulated trials are asked from: as `four`, but every trial has ten epochs.
TEN_EPOCHS = """
name = "ten-epochs"
about = "What the classic network's width, dropout and batch size cost the coordinator"
parameters.width = { type = "int", low = 64, high = 1024, log = true }
parameters.dropout = { type = "float", low = 0.0, high = 0.6 }
parameters.batch_size = { type = "int", low = 32, high = 512, log = true }
baseline = { width = 512, dropout = 0.2, batch_size = 128, epochs = 10 }
fixed = { epochs = 10 }
"""


def sleeper(seconds_an_epoch: float) -> tuple[str, ...]:
    """Return the command of a training process that sleeps instead."""
    return (sys.executable, str(HERE / "sleeping_worker.py"), str(seconds_an_epoch))


class EnoughError(Exception):
    """All that was to be clocked was clocked."""


class Instant:
    """An executor whose trials take no time; it clocks what the coordinator does in between.

    After `clocked` trials it raises EnoughError, so that what is left need not run.
    """

    def __init__(
        self,
        slots: int = 64,
        clock: Callable[[], float] = time.perf_counter,
        clocked: int = sys.maxsize,
    ) -> None:
        self.slots = slots
        self._clock = clock
        self._clocked = clocked
        self._queue: deque[Event] = deque()
        self._latest = ""
        self._since = clock()
        self.first_start: float | None = None
        self.spent: dict[str, list[float]] = {"EpochEnded": [], "Finished": []}

    def start(self, job: Job) -> None:
        """Lay out a job's events behind those of the others."""
        if self.first_start is None:
            self.first_start = self._clock()
        top = (job.seed % 1000) / 1000
        self._queue.append(Started(job.job, "instant"))
        for epoch in range(1, job.config.epochs + 1):
            reached = EpochResult(epoch, 0.1, 0.1, top * epoch / job.config.epochs, 0.1)
            self._queue.append(EpochEnded(job.job, reached))
        result = TrialResult(top, 0.1, 100, 10, 10, 1, 0.1, "0" * 64, 1)
        self._queue.append(Finished(job.job, result))

    def stop(self, job: int) -> None:
        """Ignore it: no pruner is at work."""

    def kill(self, job: int) -> None:
        """Ignore it."""

    def events(self, timeout: float) -> list[Event]:
        """Return one event and clock what the one before it cost."""
        del timeout
        if self._latest in self.spent:
            self.spent[self._latest].append(self._clock() - self._since)
        if len(self.spent["Finished"]) == self._clocked:
            raise EnoughError
        event = self._queue.popleft()
        self._latest, self._since = type(event).__name__, self._clock()
        return [event]

    def close(self) -> None:
        """Do nothing."""


def child_environment() -> dict[str, str]:
    """Return an environment in which a child process can import `parts`."""
    before = os.environ.get("PYTHONPATH")
    paths = str(BENCHMARKS) if before is None else f"{BENCHMARKS}{os.pathsep}{before}"
    return {**os.environ, "PYTHONPATH": paths}


def coordinator(trials: int) -> None:
    """Clock suggesting, reporting with pruning and recording, with 64 jobs in flight."""
    space = read_space(TEN_EPOCHS, "ten epochs")
    plan = plan_of(space, pruner="median", trials=trials, jobs=64)
    executor = Instant()
    with tempfile.TemporaryDirectory() as folder, opened_log(Path(folder), plan, space) as log:
        began, busy = time.perf_counter(), time.process_time()
        task = SearchTask(plan, space, 100, 100)
        run_search(task, log, executor, NoCallbacks(), Interrupts())
        seconds = time.perf_counter() - began
        busy = time.process_time() - busy
    epochs, ends = executor.spent["EpochEnded"], executor.spent["Finished"]
    print(
        f"coordinator, {trials} trials, TPE, SQLite, 64 in flight: "
        f"{1000 * seconds / trials:.1f} ms a trial in all "
        f"({1000 * busy / trials:.1f} of the processor's), of which "
        f"{1000 * statistics.median(ends):.1f} (median) to record and suggest; "
        f"{1000 * statistics.mean(epochs):.2f} ms an epoch report, the last hundred "
        f"{1000 * statistics.mean(epochs[-100:]):.2f} ms",
        flush=True,
    )


def plan_of(space: Space, *, jobs: int, deterministic: bool = False, **given: Any) -> Plan:
    """Return a plan for simulated trials on the digits."""
    fingerprint = load_data("digits", os.environ).training.about.fingerprint
    request = Request(given, jobs=jobs, deterministic=deterministic)
    return first_plan(request, "simulated", space, fingerprint)


def efficiency(jobs: int, seconds: float, rounds: int) -> None:
    """Print how close `jobs` workers come to training `jobs` times as fast as one."""
    space = read_space(TEN_EPOCHS, "ten epochs")
    plan = plan_of(space, pruner="none", trials=jobs * rounds, jobs=jobs)
    with sleeping_workers(jobs, seconds / 10) as executor:
        took = seconds_of(plan, space, executor)
    ideal = seconds * rounds
    print(
        f"{jobs} workers, {plan.trials} trials of {seconds:g} s: {took:.1f} s, "
        f"efficiency {100 * ideal / took:.0f} % (TPE, SQLite)",
        flush=True,
    )


def deterministic(jobs: int, trials: int) -> None:
    """Print what the rule costs that makes a study repeat, where trials differ in length.

    Both sides train the same configs of the space `four`: 3 to 20 epochs of 0.05 s each.
    """
    space = load_space("four")
    asked: dict[str, Any] = {"pruner": "none", "sampler": "random", "trials": trials, "jobs": jobs}
    took = {}
    with sleeping_workers(jobs, 0.05) as executor:
        for is_bound in (False, True):
            plan = plan_of(space, deterministic=is_bound, **asked)
            took[is_bound] = seconds_of(plan, space, executor)
    print(
        f"--deterministic, {jobs} workers, the same {trials} trials of 3 to 20 epochs: "
        f"{took[True]:.1f} s against {took[False]:.1f} s, {took[True] / took[False]:.2f} times",
        flush=True,
    )


@contextmanager
def sleeping_workers(jobs: int, seconds_an_epoch: float) -> Iterator[LocalExecutor]:
    """Yield an executor whose workers are ready and sleep instead of training."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        save_training_data(place / "data", load_data("digits", os.environ).training)
        executor = LocalExecutor(jobs, place / "log.txt", command=sleeper(seconds_an_epoch))
        try:
            executor.open_data(place / "data")
            while not executor.all_ready:
                executor.events(0.1)
            yield executor
        finally:
            executor.close()


@contextmanager
def opened_log(folder: Path, plan: Plan, space: Space) -> Iterator[TrialLog]:
    """Yield the log of a study in SQLite in this folder, new or going on."""
    storage = open_storage(f"sqlite:///{folder}/study.db", plan.name, create=True)
    try:
        yield TrialLog(RunDirectory(folder), storage, space)
    finally:
        storage.close()


def seconds_of(plan: Plan, space: Space, executor: Executor) -> float:
    """Run a study of sleeping trials and return how long it took."""
    with tempfile.TemporaryDirectory() as folder, opened_log(Path(folder), plan, space) as log:
        began = time.perf_counter()
        run_search(SearchTask(plan, space, 100, 100), log, executor, NoCallbacks(), Interrupts())
        seconds = time.perf_counter() - began
        assert len(RecordedTrials(RunDirectory(Path(folder))).read()) == plan.trials
    return seconds
