"""The product's processes, started once and lent to one test after another."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

import study.executors.local
import study.networks.tasks
from study.executors.pipe_messages import Broken, OpenData, Ready
from study.executors.protocol import Failed, Finished, Job, Stopped
from study.executors.worker_process import PROCESSOR, WorkerProcess, start_module
from study.networks.tasks import READY


class LentWorker:
    """A real worker process that goes back into its pool, unless it is ended at work."""

    def __init__(self, process: WorkerProcess, pool: list[WorkerProcess]) -> None:
        self._process, self._pool = process, pool
        self._opening = self._working = 0
        self.pid, self.pipe = process.pid, process.pipe

    @property
    def ended(self) -> bool:
        return self._process.ended

    def send(self, message: object) -> None:
        self._working += isinstance(message, Job)
        if isinstance(message, OpenData):
            self._opening += 1
            # It was started elsewhere, and may be working where it was.
            message = replace(message, folder=str(Path(message.folder).absolute()))
        self._process.send(message)

    def receive(self) -> list[object]:
        found = self._process.receive()
        self._opening -= sum(isinstance(message, Ready) for message in found)
        ends = (Finished, Stopped, Failed, Broken)
        self._working -= sum(isinstance(message, ends) for message in found)
        return found

    def kill(self) -> None:
        if self._working:
            self._process.kill()

    def join(self) -> str:
        while self._opening and not self._working and not self.ended:
            self.pipe.poll(None)
            self.receive()
        if self._working or self.ended:
            return self._process.join()
        self._pool.append(self._process)
        return "went back"


class LentNetwork:
    """A real process that holds Keras; one that was lent before says again that it is ready."""

    def __init__(self, process: WorkerProcess, pool: list[WorkerProcess], *, is_new: bool) -> None:
        self._process, self._pool = process, pool
        self._is_greeted, self._is_alive = is_new, True
        self.pipe = self

    def send(self, task: Any) -> None:
        paths = {name: value for name, value in vars(task).items() if isinstance(value, Path)}
        self._process.send(replace(task, **{name: path.absolute() for name, path in paths.items()}))

    def recv(self) -> object:
        if not self._is_greeted:
            self._is_greeted = True
            return READY
        self._is_alive = False
        answer = self._process.pipe.recv()
        self._is_alive = True
        return answer

    def kill(self) -> None:
        pass

    def join(self) -> None:
        if self._is_alive:
            self._pool.append(self._process)
        else:
            self._process.join()


class WarmProcesses:
    """Start the product's processes, or lend those that nobody uses any more.

    Preparing TensorFlow and tracing are most of what a short test costs.
    """

    def __init__(self, log: Path) -> None:
        self._log = log
        self._workers: list[WorkerProcess] = []
        self._networks: list[WorkerProcess] = []

    def start_worker(
        self, module: str, name: str, _log: Path, device: Mapping[str, str] = PROCESSOR
    ) -> LentWorker:
        # One that was lent computes on what it began on.
        pool = self._workers if device == PROCESSOR else []
        made = pool.pop() if pool else start_module(module, name, self._log, device)
        return LentWorker(made, pool)

    def start_network(self, module: str, name: str, _log: Path) -> LentNetwork:
        pool = self._networks
        if pool:
            return LentNetwork(pool.pop(), pool, is_new=False)
        return LentNetwork(start_module(module, name, self._log), pool, is_new=True)

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let the product take its processes from here."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(study.executors.local, "start_module", self.start_worker)
            patch.setattr(study.networks.tasks, "start_module", self.start_network)
            yield

    def close(self) -> None:
        for process in (*self._workers, *self._networks):
            process.kill()
            process.join()


@pytest.fixture(scope="session", autouse=True)
def unsynced() -> Iterator[None]:
    """Let nothing in this process wait for the disk, which is most of what a small study does.

    Processes are killed in tests, but the machine does not fail.
    """

    def let_go(connection: Any, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA synchronous = OFF")

    event.listen(Engine, "connect", let_go)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _file: None)
        yield
    event.remove(Engine, "connect", let_go)


@pytest.fixture(scope="session")
def warm_processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmProcesses]:
    """Processes that outlive the executors that use them; a test asks for `warm`."""
    processes = WarmProcesses(tmp_path_factory.mktemp("warm") / "log.txt")
    with closing(processes):
        yield processes


@pytest.fixture
def warm(warm_processes: WarmProcesses) -> Iterator[None]:
    """Let what this test calls train and classify in processes that are warm already.

    For tests of what is done there; not for those of starting, dying and ending.
    """
    with warm_processes.lent():
        yield
