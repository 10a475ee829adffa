"""The executor protocol on a Dask cluster: a job is a task, and the coordinator hears of it."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from distributed import Future
from distributed.scheduler import KilledWorker

from search_spaces.faults import FaultError, fault
from study.executors.cluster.connection import Connection
from study.executors.cluster.inbox import DASKS_OWN, Ended, Heard, Inbox, Item, Unreached, Unsent
from study.executors.cluster.messages import (
    NeedsData,
    Ready,
    Refused,
    TaskEpoch,
    TaskStarted,
    decode,
)
from study.executors.cluster.session import Session
from study.executors.cluster.tasks import Placements
from study.executors.cluster.workers import Members
from study.executors.protocol import Event, Failed, Job, Lost, Stopped


class ClusterExecutor:
    """Place jobs on a cluster.

    `jobs` is how many are placed at once, 0 for as many as there are slots. `log` takes what
    workers write; `say` tells the user what they must know. Only one thread may use it: what
    Dask's threads hear waits until `events` is called.
    """

    def __init__(
        self, connection: Connection, jobs: int, log: Path, say: Callable[[str], None]
    ) -> None:
        self._connection = connection
        self._jobs, self._log, self._say = jobs, log, say
        self._inbox = Inbox(connection.client, connection.address)
        self._placements = Placements()
        self._futures: dict[str, Future[bytes]] = {}
        self._undelivered: list[Event] = []
        self._session: Session | None = None
        self._ending = ExitStack()
        self.members = Members()

    @property
    def slots(self) -> int:
        """Return how many jobs can be placed just now; some may wait for a worker to come.

        Before the data is open it is what the cluster looks good for.
        """
        if self._jobs:
            return self._jobs
        if self._session is None:
            return max(1, self._connection.threads, self._connection.most_workers)
        present, workers = self.members.slots, len(self.members.present)
        # Dask starts workers for tasks that wait, and for no others.
        may_grow_to = self._connection.most_workers * max(1, present // max(1, workers))
        return max(present, may_grow_to)

    def open_data(self, folder: Path, command: tuple[str, ...] = ()) -> None:
        """Offer the training data of this folder to every worker, also to later ones.

        `command` starts training processes in place of the product's own. Raises FaultError where
        the scheduler or a worker cannot load this product, or none may take part.
        """
        session = Session(self._connection, self._inbox, folder, command)
        self._session = session
        self._ending.callback(session.close)
        session.begin()
        self._hear(0.0)
        if not self.members.present:
            self._say(f"waiting for workers at {self._connection.address}")

    def start(self, job: Job) -> None:
        """Hand a job to Dask as a task of its own."""
        task, future = self._opened.submit(job)
        self._placements.add(task, job)
        self._futures[task] = future
        self._inbox.await_end(future)

    def stop(self, job: int) -> None:
        """Cancel a job's task: its training ends after the running epoch. Stopped follows."""
        self._cancel_job(job, Stopped(job))

    def kill(self, job: int) -> None:
        """Give a job up and cancel its task; a training that hangs is ended there. Lost follows."""
        self._cancel_job(job, Lost(job, "it was ended"))

    def events(self, timeout: float) -> list[Event]:
        """Wait up to timeout seconds for at least one event and return all there are.

        Raises FaultError when the scheduler is gone, or no worker may take part or will come.
        """
        limit = time.monotonic() + timeout
        self._hear(0.0)
        while not self._undelivered and time.monotonic() < limit:
            self._hear(limit - time.monotonic())
        found, self._undelivered = self._undelivered, []
        return found

    def close(self) -> None:
        """Cancel what runs and take leave of the workers."""
        for job in list(self._placements.by_job):
            self.stop(job)
        self._ending.close()

    def _hear(self, timeout: float) -> None:
        """Take in one item, waiting for it if need be, and all that are there behind it."""
        item = self._inbox.take(timeout)
        while item is not None:
            self._undelivered += self._take(item)
            item = self._inbox.take(0.0)
        self._check_cluster()

    def _check_cluster(self) -> None:
        """Raise FaultError where no job can ever end here."""
        if not self._opened.is_connected:
            what = "the cluster's scheduler is gone; all that was recorded is kept"
            raise fault(self._connection.address, what)
        given_up = self._connection.given_up()
        if given_up is not None and not self.members.present:
            raise fault(self._connection.address, given_up)
        if self.members.none_may:
            refused = self.members.refused.items()
            raise FaultError(*(fault(who, why).faults[0] for who, why in refused))

    def _take(self, item: Item) -> list[Event]:
        match item:
            case Heard(topic=topic, values=values) if topic == DASKS_OWN:
                return self._left(values)
            case Heard(values=values):
                return self._take_message(str(values["worker"]), values)
            case Ended():
                return self._ended(item)
            case Unsent(worker=worker, reason=reason):
                self._note(f"the data could not be sent to {worker}: {reason}")
                self.members.leave(worker)
                return []
            case Unreached(reason=reason):
                self._note(f"a worker could not take part: {reason}")
                self._say(f"a worker of the cluster could not take part: {reason}")
                return []

    def _take_message(self, worker: str, values: dict[str, Any]) -> list[Event]:
        match decode(values):
            case Ready() as ready:
                name = self.members.join(worker, ready).name
                self._note(f"{name} is {worker}: {ready.slots} slots, data {ready.came}")
            case NeedsData():
                self.members.await_data(worker)
                self._opened.send_data(worker)
            case Refused(reason=reason):
                self.members.refuse(worker, reason)
                self._note(f"{worker} was refused: {reason}")
                self._say(f"the cluster's worker {worker} was refused: {reason}")
            case TaskStarted(task=task, slot=slot):
                name = f"{self._name(worker)}, slot {slot}"
                found = self._placements.started(task, worker, name)
                if task not in self._placements.by_task:
                    self._forget(task)
                return found
            case TaskEpoch(task=task, result=result):
                return self._placements.epoch(task, worker, result)
        return []

    def _left(self, values: dict[str, Any]) -> list[Event]:
        if values.get("action") != "remove-worker":
            return []
        worker = str(values["worker"])
        name = self._name(worker)
        if self.members.leave(worker):
            self._note(f"{name} left")
        lost = self._placements.worker_left(worker, name)
        for task, _event in lost:
            self._forget(task)
        return [event for _task, event in lost]

    def _ended(self, ended: Ended) -> list[Event]:
        placed = self._placements.by_task.get(ended.task)
        self._forget(ended.task)
        if placed is None:
            return []
        name = self._name(placed.worker)
        if ended.answer is not None:
            self._note(ended.answer.log)
            self.members.count(placed.worker, ended.answer.counts)
            return self._placements.answered(ended.task, ended.answer, name)
        if isinstance(ended.error, FaultError):
            raise ended.error
        if ended.error is None or isinstance(ended.error, KilledWorker):
            return self._placements.dropped(ended.task, f"{name} was lost")
        self._placements.remove(placed)
        error = ended.error
        return [Failed(placed.job.job, f"bug: {type(error).__name__}: {error}")]

    def _cancel_job(self, job: int, end: Event) -> None:
        placed = self._placements.by_job.get(job)
        if placed is None:
            return
        self._placements.remove(placed)
        self._forget(placed.task)
        self._undelivered.append(end)

    def _forget(self, task: str) -> None:
        """Cancel a task, unless it has ended, and let its answer go."""
        future = self._futures.pop(task, None)
        if future is not None and not future.done():
            future.cancel(force=True)

    @property
    def _opened(self) -> Session:
        assert self._session is not None  # noqa: S101 open_data comes first
        return self._session

    def _name(self, worker: str) -> str:
        member = self.members.present.get(worker)
        return member.name if member else "its worker"

    def _note(self, text: str) -> None:
        if text:
            with self._log.open("a", encoding="utf-8") as log:
                log.write(text.rstrip("\n") + "\n")
