"""A real Dask cluster on this machine's loopback whose trainings sleep: processes of our own."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from distributed import Client, Worker
from parts.simulated import child_environment, sleeper

from search_spaces.read import load_space
from study.config import config_from_params
from study.data.download import say_nothing
from study.data.load import load_data
from study.data.store import save_training_data, stored_fingerprint
from study.data.values import Split
from study.executors.cluster.cluster_file import read_cluster
from study.executors.cluster.connection import connected
from study.executors.cluster.executor import ClusterExecutor
from study.executors.protocol import Job, Started

DASK = (sys.executable, "-m", "dask")
# How long the cluster may take to start, seconds: the machine may be busy.
PATIENCE_SECONDS = 300.0


@dataclass
class Loopback:
    """A scheduler and its workers, which hold one copy of the data each for their threads."""

    folder: Path
    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def add_worker(self, threads: int, within: Sequence[str] = ()) -> None:
        """Start a worker without a nanny; `within` is a command that runs it."""
        number = len(self.workers) + 1
        options = ("--nthreads", str(threads), "--no-nanny", "--no-dashboard")
        local = ("--local-directory", str(self.folder / f"local-{number}"))
        command = (*within, *DASK, "worker", self.address, *options, *local)
        self.workers.append(start(self.folder / f"worker-{number}.txt", command))


@dataclass(frozen=True)
class Opened:
    """An executor on a cluster, and the client that it uses."""

    cluster: Loopback
    executor: ClusterExecutor
    client: Client


@contextmanager
def loopback() -> Iterator[Loopback]:
    """Yield a scheduler on loopback, and end it with its workers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "scheduler.json"
        options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file")
        scheduler = start(folder / "scheduler.txt", (*DASK, "scheduler", *options, str(file)))
        cluster = Loopback(folder, "", scheduler)
        try:
            wait_until(lambda: file.exists() and file.read_text(), "the scheduler started")
            cluster.address = json.loads(file.read_text())["address"]
            yield cluster
        finally:
            for process in (*cluster.workers, scheduler):
                process.kill()
                process.wait()


@contextmanager
def sleeping_cluster(slots: int, seconds_an_epoch: float) -> Iterator[Opened]:
    """Yield an executor on up to eight workers whose training processes are warm and sleep."""
    workers = min(8, slots)
    with loopback() as cluster, opened(cluster, seconds_an_epoch) as found:
        for _ in range(workers):
            cluster.add_worker(slots // workers)
        hear_until(found.executor, slots)
        warm_up(found)
        yield found


@contextmanager
def opened(cluster: Loopback, seconds_an_epoch: float) -> Iterator[Opened]:
    """Yield an executor whose trainings sleep; workers may come later."""
    save_training_data(cluster.folder / "data", load_data("digits", os.environ).training)
    log = cluster.folder / "log.txt"
    with ExitStack() as stack:
        connection = stack.enter_context(connected(read_cluster(cluster.address), False, log))
        executor = stack.enter_context(closing(ClusterExecutor(connection, 0, log, say_nothing)))
        executor.open_data(cluster.folder / "data", sleeper(seconds_an_epoch))
        yield Opened(cluster, executor, connection.client)


def warm_up(opened: Opened) -> None:
    """Have every slot start its training process, and leave it without work."""
    executor = opened.executor
    # Long enough to be under way until the last slot has begun; then they are stopped.
    config = config_from_params({**load_space("four").baseline.params, "epochs": 1000})
    fingerprint = str(stored_fingerprint(opened.cluster.folder / "data"))
    for number in range(executor.slots):
        executor.start(Job(number, config, number, fingerprint, Split(0, 0.2)))
    names: set[str] = set()
    limit = time.monotonic() + PATIENCE_SECONDS
    while len(names) < executor.slots:
        names |= {event.worker for event in executor.events(0.1) if isinstance(event, Started)}
        assert time.monotonic() < limit, f"{len(names)} of {executor.slots} slots are warm"
    for number in range(executor.slots):
        executor.stop(number)
    while not is_idle(opened):
        executor.events(0.1)


def is_idle(opened: Opened) -> bool:
    """Tell whether no task is under way on any worker."""
    return not any(opened.client.run(executing).values())


def executing(dask_worker: Worker) -> int:
    """Return how many tasks a worker has; for Dask's `run`."""
    return len(dask_worker.state.tasks)


def hear_until(executor: ClusterExecutor, slots: int) -> None:
    """Let the executor hear what comes until it has so many slots."""
    limit = time.monotonic() + PATIENCE_SECONDS
    while executor.members.slots < slots:
        executor.events(0.1)
        assert time.monotonic() < limit, f"{executor.members.slots} of {slots} slots came"


def wait_until(holds: Callable[[], object], what: str) -> None:
    """Wait for something that another process does; `what` says it in words."""
    limit = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < limit, f"not in time: {what}"
        time.sleep(0.1)


def start(log: Path, command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a process that can import `parts`."""
    environment = child_environment()
    with log.open("ab") as output:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment
        )
