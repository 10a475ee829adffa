"""What runs on a Dask worker: it checks itself, sees to the data, and drives training processes."""

import asyncio
import pickle
import time
from pathlib import Path
from typing import Any, cast

from distributed import Worker, get_worker
from distributed.core import Status
from distributed.diagnostics.plugin import WorkerPlugin

from search_spaces.faults import FaultError
from study.engine.source import engine_fingerprint
from study.executors.cluster.handshake import Offer, disagreement
from study.executors.cluster.messages import (
    Answer,
    Came,
    Message,
    NeedsData,
    Ready,
    Refused,
    TaskEpoch,
    TaskStarted,
    encode,
)
from study.executors.cluster.slots import Slot, Slots
from study.executors.cluster.worker_data import WorkerData
from study.executors.protocol import EpochEnded, Job, Started
from study.machine import versions

# How long a training may take to notice that it was cancelled before its process is ended, seconds.
# A new process costs about as much.
GRACE_SECONDS = 10.0
# A training process without work is ended after this, seconds: its coordinator may be dead.
IDLE_SECONDS = 30.0
# How often a running job's cancellation is looked for, seconds.
_POLL_SECONDS = 0.1
# How much of a training process's own words goes back to the coordinator's log, characters.
_LOG_SHOWN = 20_000
# What a cancelled task turns into while it still runs: Dask's own words.
_CANCELLED = frozenset({"released", "cancelled", "forgotten"})


class Agent(WorkerPlugin):
    """One study's part on one Dask worker."""

    def __init__(self, offer: Offer) -> None:
        self.name = offer.plugin
        self._offer = offer

    async def setup(self, worker: Worker) -> None:
        """Check the worker, find the data, and offer slots; the answer goes out as an event."""
        own = Path(worker.local_directory)
        self._worker = worker
        self._data = WorkerData(self._offer, own)
        self._slots = Slots(own, self._offer.command)
        self._cancelled: set[str] = set()
        self._sweeper = asyncio.create_task(self._sweep())
        differs = disagreement(self._offer, versions(), engine_fingerprint())
        if differs:
            self._tell(Refused(differs))
            return
        try:
            came = await asyncio.to_thread(self._data.find)
        except FaultError as error:
            self._tell(Refused(str(error)))
            return
        if came is None:
            self._tell(NeedsData())
        else:
            await self._offer_slots(came)

    async def receive(self, files: dict[str, bytes]) -> None:
        """Keep data that was sent, and offer slots."""
        try:
            await asyncio.to_thread(self._data.receive, files)
        except FaultError as error:
            self._tell(Refused(str(error)))
            return
        await self._offer_slots("sent")

    def transition(self, key: Any, start: str, finish: str, **_others: Any) -> None:
        """Hear from Dask that a running task was cancelled."""
        if start == "executing" and finish in _CANCELLED:
            self._cancelled.add(str(key))

    async def teardown(self, worker: Worker) -> None:
        """End every training process."""
        del worker
        self._sweeper.cancel()
        await asyncio.to_thread(self._slots.close)

    def train(self, task: str, job: Job) -> Answer:
        """Train one job in a process of its own; call it from the task's thread."""
        slot = self._slots.take(self._data.folder)
        try:
            answer = self._drive(slot, task, job)
        except BaseException:
            self._slots.discard(slot)
            raise
        finally:
            self._cancelled.discard(task)
        self._slots.give_back(slot)
        return answer

    def _drive(self, slot: Slot, task: str, job: Job) -> Answer:
        executor = slot.executor
        epochs: list[EpochEnded] = []
        written = _size(slot.log)
        limit: float | None = None
        executor.start(job)
        while True:
            for event in executor.events(_POLL_SECONDS):
                match event:
                    case Started():
                        self._tell(TaskStarted(task, slot.number))
                    case EpochEnded():
                        epochs.append(event)
                        self._tell(TaskEpoch(task, event.result))
                    case end:
                        log = _since(slot.log, written)
                        return Answer(tuple(epochs), end, log, self._data.counts)
            if limit is None and task in self._cancelled:
                limit = time.monotonic() + GRACE_SECONDS
                executor.stop(job.job)
            if self._slots.closed or (limit is not None and time.monotonic() > limit):
                executor.kill(job.job)

    async def _offer_slots(self, came: Came) -> None:
        # Tasks ask for one each, so that Dask sends them to workers that offer some, and no more.
        slots = self._worker.state.nthreads
        await self._worker.set_resources(**{self.name: slots})
        if self._worker.status == Status.running:
            # Tasks that wait get a place when a worker begins to run, not when it offers something.
            self._worker.status = Status.paused
            self._worker.status = Status.running
        self._tell(Ready(slots, came, self._data.counts))

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(IDLE_SECONDS / 6)
            await asyncio.to_thread(self._slots.close_idle, IDLE_SECONDS)

    def _tell(self, message: Message) -> None:
        self._worker.log_event(self.name, encode(message))


def train_on_worker(plugin: str, task: str, packed: bytes) -> bytes:
    """Run one job as a Dask task: a pickled Job in, a pickled Answer out."""
    job = pickle.loads(packed)  # noqa: S301 from our coordinator, as the task itself is
    return pickle.dumps(_agent(get_worker(), plugin).train(task, job))


async def receive_data(plugin: str, files: dict[str, bytes], dask_worker: Worker) -> None:
    """Hand data to the agent of a worker; Dask's `Client.run` fills in `dask_worker`."""
    await _agent(dask_worker, plugin).receive(files)


def _agent(worker: Worker, plugin: str) -> Agent:
    return cast("Agent", worker.plugins[plugin])


def _size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0


def _since(log: Path, position: int) -> str:
    if _size(log) <= position:
        return ""
    with log.open("rb") as file:
        file.seek(position)
        return file.read().decode(errors="replace")[-_LOG_SHOWN:]
