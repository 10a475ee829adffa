"""Builders for searches: real storage and files, and an executor that simulates training."""

import random
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.storages import RDBStorage
from optuna.trial import FrozenTrial

from reports.trial_record import TrialRecord
from search_spaces.measures import MEASURES
from search_spaces.read import read_space
from search_spaces.space import Space
from study.config import TrainConfig
from study.coordinator.callbacks import NoCallbacks
from study.coordinator.interrupts import Interrupts
from study.coordinator.recorded_trials import RecordedTrials
from study.coordinator.search import SearchEnd, SearchTask, run_search
from study.coordinator.storage import open_storage
from study.coordinator.trial_log import TrialLog
from study.database.reconnect import RECONNECT, Reconnect
from study.engine.results import EpochResult, TrialResult
from study.executors.protocol import (
    EpochEnded,
    Event,
    Failed,
    Finished,
    Job,
    Lost,
    Started,
    Stopped,
)
from study.machine import CLOCKS, Clocks
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import Plan

SPACE = """
name = "tiny"
[parameters.width]
type = "int"
low = 8
high = 512
[parameters.optimizer]
type = "choice"
values = ["adam", "sgd"]
[parameters.momentum]
type = "float"
low = 0.0
high = 0.9
when.optimizer = "sgd"
[parameters.epochs]
type = "int"
low = 2
high = 12
[baseline]
width = 64
optimizer = "adam"
epochs = 5
"""


def accuracies(config: TrainConfig, seed: int) -> list[float]:
    """Return a simulated learning curve: a pure function of config and seed."""
    noise = random.Random(f"{config.key} {seed}")
    top = 0.9 + 0.08 * config.width / 512 - 0.05 * (config.optimizer == "sgd")
    return [
        top - 0.4 * 0.7 ** (e * 10 / config.epochs) + noise.gauss(0, 0.004)
        for e in range(1, config.epochs + 1)
    ]


def value_of(job: Job, accuracy: float) -> float | None:
    """Return a value of the job's measure that ranks as the accuracy does, None for accuracy."""
    if job.measure == "accuracy":
        return None
    return 1 - accuracy if MEASURES[job.measure].direction == "minimize" else accuracy


class SimulatedExecutor:
    """Interleave the events of running jobs in an order that `timing` sets.

    `lose(job, epoch)` tells whether the job's worker dies after that epoch. Jobs of which `slow`
    holds go on only while nothing but such jobs runs.
    """

    def __init__(
        self,
        slots: int = 1,
        timing: int = 0,
        lose: Callable[[Job, int], bool] = lambda _job, _epoch: False,
        fail: Callable[[Job], str | None] = lambda _job: None,
        slow: Callable[[int], bool] = lambda _job: False,
    ) -> None:
        self._slots = slots
        self._random = random.Random(timing)
        self._lose, self._fail, self._slow = lose, fail, slow
        self._jobs: dict[int, Iterator[Event]] = {}
        self._stops: set[int] = set()
        self.started: list[Job] = []
        self.epochs_trained = 0
        self.after: Callable[[Event], None] = lambda _event: None

    @property
    def slots(self) -> int:
        return self._slots

    def start(self, job: Job) -> None:
        assert len(self._jobs) < self._slots
        self.started.append(job)
        self._jobs[job.job] = self._run(job)

    def stop(self, job: int) -> None:
        self._stops.add(job)

    def kill(self, job: int) -> None:
        if job in self._jobs:
            self._jobs[job] = iter([Lost(job, "its worker was killed")])

    def events(self, timeout: float) -> list[Event]:
        del timeout
        ready = [job for job in sorted(self._jobs) if not self._slow(job)] or sorted(self._jobs)
        job = self._random.choice(ready)
        event = next(self._jobs[job])
        if isinstance(event, Finished | Failed | Lost | Stopped):
            del self._jobs[job]
        self.after(event)
        return [event]

    def close(self) -> None:
        self._jobs.clear()

    def _run(self, job: Job) -> Iterator[Event]:
        yield Started(job.job, "simulated")
        reason = self._fail(job)
        if reason is not None:
            yield Failed(job.job, reason)
            return
        curve = accuracies(job.config, job.seed)
        for epoch, accuracy in enumerate(curve, 1):
            self.epochs_trained += 1
            loss, value = 1 - accuracy, value_of(job, accuracy)
            yield EpochEnded(job.job, EpochResult(epoch, loss, loss, accuracy, 0.1, value))
            if self._lose(job, epoch):
                yield Lost(job.job, "its worker died")
                return
            if job.job in self._stops and self._random.random() < 0.5:
                yield Stopped(job.job)
                return
        n_epochs, value = job.config.epochs, value_of(job, curve[-1])
        result = TrialResult(curve[-1], 0.1, 100, n_epochs, n_epochs, 7, 1.0, "a" * 64, 10**6)
        spread = None if value is None else 0.3
        yield Finished(job.job, replace(result, value=value, value_sd=spread))


class Study:
    """A study in a folder that can be run again and again."""

    def __init__(self, folder: Path, space: Space, **asked: Any) -> None:
        self.folder = folder
        self.files = RunDirectory(folder)
        self.url = f"sqlite:///{folder / 'study.db'}"
        self.space = space
        self.notes: list[str] = []
        self.on_recorded: Callable[[TrialRecord], None] = lambda _: None
        self.plan = Plan(
            **{
                "name": "s",
                "created": "2026-01-01T00:00:00+00:00",
                "data": "digits",
                "data_fingerprint": "f" * 64,
                "space": "tiny",
                "space_fingerprint": "0" * 16,
                "seed": 1,
                "split_seed": 5,
                "share": 1 / 6,
                "sampler": "tpe",
                "pruner": "none",
                "window": 0,
                "trials": 12,
                "timeout_seconds": 0.0,
                "trial_timeout_seconds": 0.0,
                "jobs": 1,
                "storage": "",
                "versions": {},
                "machine": "",
                **asked,
            }
        )

    def run(
        self,
        executor: SimulatedExecutor,
        interrupts: Interrupts | None = None,
        reconnect: Reconnect = RECONNECT,
        clocks: Clocks = CLOCKS,
    ) -> SearchEnd:
        storage = open_storage(self.url, "s", True, reconnect=reconnect, measure=self.plan.measure)
        callbacks = NoCallbacks()
        callbacks.noted = self.notes.append  # type: ignore[method-assign]
        callbacks.recorded = self.on_recorded  # type: ignore[method-assign]
        task = SearchTask(self.plan, self.space, 100, 100)
        log = TrialLog(self.files, storage, self.space)
        try:
            return run_search(task, log, executor, callbacks, interrupts or Interrupts(), clocks)
        finally:
            storage.close()

    def run_in_parts(
        self, executor: type[SimulatedExecutor], stops: Sequence[int]
    ) -> list[SearchEnd]:
        """Run it, interrupted after so many epochs each time, then to its end; return all ends."""
        ends = []
        for stop_after in stops:
            interrupts, running = Interrupts(), executor()

            def count(
                _event: Any, running: Any = running, own: Any = interrupts, stop: int = stop_after
            ) -> None:
                own.count = int(running.epochs_trained >= stop)

            running.after = count
            ends.append(self.run(running, interrupts))
        return [*ends, self.run(executor())]

    def records(self) -> tuple[TrialRecord, ...]:
        return RecordedTrials(self.files).read()

    def shown(self) -> list[FrozenTrial]:
        """Return the trials as anyone sees them who opens the database with Optuna."""
        storage = RDBStorage(self.url)
        try:
            return optuna.load_study(study_name="s", storage=storage).get_trials()
        finally:
            storage.remove_session()
            storage.engine.dispose()

    def answers(self) -> list[tuple[Any, ...]]:
        """Return all of the recorded trials that must not depend on timing."""
        return [
            (
                *(r.number, r.state, r.origin, r.params, r.seed, r.accuracy, r.unpruned),
                *(row.validation_accuracy for row in r.curve),
            )
            for r in self.records()
        ]


@pytest.fixture
def space() -> Space:
    return read_space(SPACE, "tiny.toml")


@pytest.fixture
def make_study(tmp_path: Path, space: Space) -> Callable[..., Study]:
    """Make a study in a folder of its own."""
    count = iter(range(1000))

    def make(space: Space = space, **asked: Any) -> Study:
        folder = tmp_path / str(next(count))
        folder.mkdir()
        return Study(folder, space, **asked)

    return make


@pytest.fixture
def executor() -> type[SimulatedExecutor]:
    """The simulating executor's class."""
    return SimulatedExecutor


@pytest.fixture
def optuna_study() -> Iterator[Callable[[Study], optuna.Study]]:
    """Open a study of ours as others do."""
    opened: list[RDBStorage] = []

    def open_study(study: Study) -> optuna.Study:
        storage = RDBStorage(study.url)
        opened.append(storage)
        return optuna.load_study(study_name="s", storage=storage)

    yield open_study
    for storage in opened:
        storage.remove_session()
        storage.engine.dispose()


class LossyProxy:
    """Stand between a client and PostgreSQL, and keep the answers to some commits for itself.

    The server learns that the client has gone only `notice` seconds later.
    """

    def __init__(self, port: int) -> None:
        self._server = port
        self._armed = threading.Event()
        self.notice = 0.0
        self.lost: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def lose_next_commit(self) -> None:
        self._armed.set()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._server))
            threading.Thread(target=self._pass_on, args=(client, server), daemon=True).start()

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        with client, server:
            while True:
                for ready in select.select([client, server], [], [])[0]:
                    content = ready.recv(1 << 16)
                    if not content:
                        return
                    (server if ready is client else client).sendall(content)
                    if ready is client and b"COMMIT" in content and self._armed.is_set():
                        self._armed.clear()
                        self.lost.append(server.recv(1 << 16))
                        client.close()
                        time.sleep(self.notice)
                        return


@pytest.fixture
def proxy(postgres: Any) -> Iterator[LossyProxy]:
    """A way to the PostgreSQL server on which answers can be lost."""
    made = LossyProxy(postgres.port)
    yield made
    made.close()
