"""Real schedulers and workers of Dask, and studies on them, as processes that tests may kill."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest

from reports.trial_record import TrialRecord
from reports.trials import has_ended
from study.data.store import save_training_data
from study.data.values import TrainingData
from study.executors.cluster.entry import opened_cluster
from study.executors.cluster.executor import ClusterExecutor
from study.record.snapshot import collect_snapshot
from study.run_dir.paths import RunDirectory
from tests.study.executors.cluster.held import let_go
from tests.study.executors.cluster.waiting_programs import AT_WORK, IDLE

DASK = (sys.executable, "-m", "dask")
STUDY = "s"
# The command line, and the one whose workers wait in place of training.
TRAINS = ("-m", "study")
WAITS = (str(Path(__file__).with_name("waiting_study.py")),)
# The longest studies; shorter ones are their beginning, since each trial is drawn for itself.
TRIALS, TRAINED = 24, 8
# Only a hang takes so long, however busy the machine is.
LIMIT_SECONDS = 600
SPACE = """
name = "hosts"
[parameters.width]
type = "int"
low = 16
high = 128
[parameters.dropout]
type = "float"
low = 0.0
high = 0.5
[fixed]
depth = 2
batch_size = 16
epochs = 12
[baseline]
depth = 2
width = 32
batch_size = 16
epochs = 12
"""


@dataclass
class DaskCluster:
    """A scheduler on loopback and its workers; `said` is what the executors said to the user."""

    folder: Path
    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def add_worker(
        self, threads: int = 1, within: Sequence[str] = (), **environment: str
    ) -> subprocess.Popen[bytes]:
        """Start a worker under a nanny; `within` is a command that runs it."""
        number = len(self.workers) + 1
        worker = _start(
            self.folder / f"worker-{number}.txt",
            *within,
            *(*DASK, "worker", self.address, "--nthreads", str(threads), "--no-dashboard"),
            *("--local-directory", str(self.folder / f"local-{number}")),
            **environment,
        )
        self.workers.append(worker)
        return worker


def _start(log: Path, *command: str, **environment: str) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, **environment},
            start_new_session=True,
        )


@pytest.fixture(scope="session")
def start() -> Callable[..., subprocess.Popen[bytes]]:
    """Return what starts a process whose words go to a file: `start(file, *command)`."""
    return _start


@pytest.fixture(scope="session")
def end_all() -> Callable[[Sequence[subprocess.Popen[bytes]]], None]:
    """End processes that a test started, with all that they started."""

    def end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
        for process in processes:
            if process.poll() is None:
                family = psutil.Process(process.pid).children(recursive=True)
                process.kill()
                for one in family:
                    with suppress(psutil.NoSuchProcess):
                        one.kill()
            process.wait()

    return end


def _start_cluster(folder: Path) -> DaskCluster:
    file = folder / "scheduler.json"
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file")
    scheduler = _start(folder / "scheduler.txt", *DASK, "scheduler", *options, str(file))
    limit = time.monotonic() + LIMIT_SECONDS
    while not (file.exists() and file.read_text()):
        assert scheduler.poll() is None, (folder / "scheduler.txt").read_text()
        assert time.monotonic() < limit, "the scheduler did not start"
        time.sleep(0.1)
    return DaskCluster(folder, json.loads(file.read_text())["address"], scheduler)


@pytest.fixture
def dask_cluster(
    tmp_path: Path, end_all: Callable[[Sequence[subprocess.Popen[bytes]]], None]
) -> Iterator[DaskCluster]:
    """Start a scheduler; tests add workers."""
    cluster = _start_cluster(tmp_path)
    yield cluster
    end_all([*cluster.workers, cluster.scheduler])


@pytest.fixture(scope="module")
def shared_cluster(
    tmp_path_factory: pytest.TempPathFactory,
    end_all: Callable[[Sequence[subprocess.Popen[bytes]]], None],
) -> Iterator[DaskCluster]:
    """Start a cluster of one worker with one slot for tests that leave it as it is."""
    cluster = _start_cluster(tmp_path_factory.mktemp("shared"))
    cluster.add_worker()
    yield cluster
    end_all([*cluster.workers, cluster.scheduler])


@pytest.fixture(scope="session")
def lasting_cluster(
    tmp_path_factory: pytest.TempPathFactory,
    end_all: Callable[[Sequence[subprocess.Popen[bytes]]], None],
) -> Iterator[DaskCluster]:
    """Start a cluster with two slots that outlives coordinators."""
    cluster = _start_cluster(tmp_path_factory.mktemp("lasting"))
    cluster.add_worker(threads=2)
    yield cluster
    end_all([*cluster.workers, cluster.scheduler])


@pytest.fixture
def open_on(
    tmp_path: Path, training: TrainingData, sleeper: tuple[str, ...]
) -> Iterator[Callable[..., ClusterExecutor]]:
    """Open executors whose trainings sleep: `open_on(cluster, jobs=0)`; the log is log.txt."""
    save_training_data(tmp_path / "data", training)
    with ExitStack() as stack:

        def start(cluster: DaskCluster, jobs: int = 0) -> ClusterExecutor:
            log = tmp_path / "log.txt"
            executor = stack.enter_context(
                opened_cluster(cluster.address, False, jobs, log, cluster.said.append)
            )
            executor.open_data(tmp_path / "data", sleeper)
            return executor

        yield start


@pytest.fixture
def open_executor(
    dask_cluster: DaskCluster, open_on: Callable[..., ClusterExecutor]
) -> Callable[..., ClusterExecutor]:
    """Open executors on a cluster of the test's own: `open_executor(jobs=0)`."""
    return partial(open_on, dask_cluster)


@pytest.fixture
def until() -> Callable[..., None]:
    """Let an executor hear what comes until a condition holds; its events must be none."""

    def wait(executor: ClusterExecutor, holds: Callable[[], bool]) -> None:
        limit = time.monotonic() + LIMIT_SECONDS
        while not holds():
            assert executor.events(0.2) == []
            assert time.monotonic() < limit, "it did not come to hold"

    return wait


@dataclass
class StudyCommand:
    """A command line of the product, in a process of its own."""

    process: subprocess.Popen[bytes]
    run: RunDirectory
    out: Path
    err: Path

    def asked(self) -> int:
        """Return how many trials were started so far, by this process and those before it."""
        return self.run.asked.read_bytes().count(b"\n") if self.run.asked.exists() else 0

    def until_asked(self, count: int) -> None:
        """Wait until so many trials were started."""
        self._until(lambda: self.asked() >= count)

    def until_said(self, text: str) -> None:
        """Wait until it has said something on the way to its answer."""
        self._until(lambda: text in self.err.read_text())

    def _until(self, holds: Callable[[], bool]) -> None:
        limit = time.monotonic() + LIMIT_SECONDS
        while not holds():
            said = self.out.read_text() + self.err.read_text()
            assert self.process.poll() is None, said
            assert time.monotonic() < limit, said
            time.sleep(0.05)

    def end(self) -> tuple[int, list[str]]:
        """Wait for its end; return the exit code and the lines on stderr."""
        code = self.process.wait(timeout=LIMIT_SECONDS)
        return code, self.err.read_text().splitlines()

    def trials(self, storage: str | None = None) -> tuple[TrialRecord, ...]:
        """Return the records of all attempts at trials."""
        return collect_snapshot(self.run, storage).trials


def _begin(
    runs: Path,
    *arguments: str,
    within: Sequence[str] = (),
    quiet: bool = True,
    trains: bool = False,
) -> StudyCommand:
    runs.mkdir(parents=True, exist_ok=True)
    number = len(list(runs.glob("*.out")))
    out, err = runs / f"{number}.out", runs / f"{number}.err"
    flags = ("--quiet",) if quiet else ()
    program = TRAINS if trains else WAITS
    command = (*within, sys.executable, *program, *arguments, "--runs-dir", str(runs), *flags)
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, start_new_session=True
        )
    return StudyCommand(process, RunDirectory(runs / STUDY), out, err)


@pytest.fixture
def begin(
    end_all: Callable[[Sequence[subprocess.Popen[bytes]]], None],
) -> Iterator[Callable[..., StudyCommand]]:
    """Return what runs the command line: `begin(runs, *arguments, within=..., quiet=True)`.

    Its workers wait in place of training, except where it `trains`.
    """
    begun: list[StudyCommand] = []

    def start(runs: Path, *arguments: str, **options: Any) -> StudyCommand:
        begun.append(_begin(runs, *arguments, **options))
        return begun[-1]

    yield start
    end_all([command.process for command in begun])


def training_processes(family: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Return those of some processes, and of all that they started, that train."""
    found = []
    for process in family:
        with suppress(psutil.NoSuchProcess):
            for one in (process, *process.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    if one.name() in {IDLE, AT_WORK}:
                        found.append(one)
    return found


def is_at_work(training: psutil.Process) -> bool:
    """Tell whether a training process is about a trial: it has the data, and a thread that runs."""
    with suppress(psutil.NoSuchProcess, FileNotFoundError):
        if training.name() == AT_WORK:
            return True
        if any(Path(one.path).name == "inputs.npy" for one in training.memory_maps()):
            threads = Path(f"/proc/{training.pid}/task").iterdir()
            return any(
                (one / "stat").read_text().rpartition(")")[2].split()[0] == "R" for one in threads
            )
    return False


@pytest.fixture
def hold(wait_until: Callable[..., None]) -> Iterator[Callable[..., list[psutil.Process]]]:
    """Return what stops training processes in the midst of trials: `hold(family, count=1)`.

    `family()` returns processes; they, or what they started, train. What is held neither ends nor
    goes on until it is resumed, so that a study is not over before the test has done its part.
    """
    held: list[psutil.Process] = []

    def stop(
        family: Callable[[], Iterable[psutil.Process]], count: int = 1
    ) -> list[psutil.Process]:
        new: list[psutil.Process] = []

        def are_held() -> bool:
            for one in training_processes(family()):
                if one not in new and is_at_work(one):
                    with suppress(psutil.NoSuchProcess):
                        one.suspend()
                        new.append(one)
            return len(new) >= count

        wait_until(are_held)
        held.extend(new)
        return new

    yield stop
    let_go(held)


@pytest.fixture(scope="session")
def asked_study(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Return the arguments of these studies, but for the number of trials."""
    space = tmp_path_factory.mktemp("space") / "hosts.toml"
    space.write_text(SPACE)
    how = ("--sampler", "random", "--pruner", "none", "--seed", "3", "--no-confirm")
    return ("run", str(space), "--name", STUDY, "--data", "digits", "--folds", "1", *how)


def ended_answers(trials: Sequence[TrialRecord]) -> list[tuple[object, ...]]:
    """Return what each ended trial came to, in the order in which they were asked."""
    first: dict[int, int] = {}
    for trial in sorted(trials, key=lambda one: one.number):
        first[trial.number] = trial.number if trial.retry_of is None else first[trial.retry_of]
    ended = [one for one in trials if not one.lost and has_ended(one)]
    return [
        (
            *(one.state, one.params, one.seed, one.accuracy, one.loss, one.weights_hash),
            *(row.validation_accuracy for row in one.curve),
        )
        for one in sorted(ended, key=lambda one: first[one.number])
    ]


@pytest.fixture(scope="session")
def answers() -> Callable[[Sequence[TrialRecord]], list[tuple[object, ...]]]:
    """Return what tells what each trial came to: `answers(trials)`."""
    return ended_answers


@pytest.fixture(scope="session")
def run_alone(
    tmp_path_factory: pytest.TempPathFactory,
    asked_study: tuple[str, ...],
    end_all: Callable[[Sequence[subprocess.Popen[bytes]]], None],
) -> Callable[..., list[tuple[object, ...]]]:
    """Return what tells what the study's trials come to on this machine alone."""

    def run(trials: int, *, trains: bool) -> list[tuple[object, ...]]:
        asked = (*asked_study, "--trials", str(trials), "--jobs", "2")
        command = _begin(tmp_path_factory.mktemp("alone"), *asked, trains=trains)
        try:
            assert command.end() == (0, [])
        finally:
            end_all([command.process])
        found = ended_answers(command.trials())
        assert len(found) == trials
        return found

    return run


@pytest.fixture(scope="session")
def alone(run_alone: Callable[..., list[tuple[object, ...]]]) -> list[tuple[object, ...]]:
    """Return what the trials come to whose workers wait in place of training."""
    return run_alone(TRIALS, trains=False)


@pytest.fixture(scope="session")
def trained_alone(run_alone: Callable[..., list[tuple[object, ...]]]) -> list[tuple[object, ...]]:
    """Return what the trials come to that train."""
    return run_alone(TRAINED, trains=True)
