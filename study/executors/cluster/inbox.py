"""What Dask's threads hear, kept in order until the coordinator's thread asks for it."""

import asyncio
import pickle
import queue
import time
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from distributed import Client, Future

from search_spaces.faults import fault
from study.executors.cluster.messages import Answer

# The topic on which Dask tells of workers that come and go.
DASKS_OWN = "all"
# How long a scheduler may take to answer, seconds.
_TIMEOUT_SECONDS = 30.0
_ECHO_SECONDS = 0.1


@dataclass(frozen=True)
class Heard:
    """An event that was logged under a topic."""

    topic: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Ended:
    """A task that ended: with an answer, with an error, or without either."""

    task: str
    answer: Answer | None = None
    error: BaseException | None = None


@dataclass(frozen=True)
class Unsent:
    """A worker that the data could not be sent to, and why."""

    worker: str
    reason: str


@dataclass(frozen=True)
class Unreached:
    """A worker that a message to all did not reach, as the scheduler puts it."""

    reason: str


Item = Heard | Ended | Unsent | Unreached


class Inbox:
    """Hear events and the ends of tasks."""

    def __init__(self, client: Client, address: str) -> None:
        self._client, self._address = client, address
        self._loop: Any = client.loop
        self._items: queue.SimpleQueue[Item] = queue.SimpleQueue()

    def subscribe(self, topic: str) -> None:
        """Hear all that is logged under a topic from now on; raises FaultError."""
        echo = {"subscribed": self._client.id}
        known: queue.SimpleQueue[None] = queue.SimpleQueue()

        def hear(event: tuple[float, Any]) -> None:
            if event[1] == echo:
                known.put(None)
            elif isinstance(event[1], dict):
                self._items.put(Heard(topic, event[1]))

        self._client.subscribe_topic(topic, hear)
        # An echo tells that the scheduler has taken the subscription in; an early one is not heard.
        limit = time.monotonic() + _TIMEOUT_SECONDS
        while time.monotonic() < limit:
            self._client.log_event(topic, echo)
            with suppress(queue.Empty):
                return known.get(timeout=_ECHO_SECONDS)
        raise fault(self._address, "the scheduler does not answer")

    def await_end(self, future: Future[bytes]) -> None:
        """Hear how a task ends."""
        future.add_done_callback(self._hear_end)

    def put(self, item: Item) -> None:
        """Add what was heard elsewhere."""
        self._items.put(item)

    def take(self, timeout: float) -> Item | None:
        """Return the next item, None where there is none for so many seconds."""
        try:
            return self._items.get(timeout=max(0.0, timeout))
        except queue.Empty:
            return None

    def _hear_end(self, future: Future[bytes]) -> None:
        if future.status == "finished":
            # Dask has one thread for this: an answer that is long on its way holds up no other.
            self._loop.add_callback(self._fetch, future)
            return
        error = None
        if future.status == "error":
            with suppress(CancelledError, OSError, TimeoutError):
                error = future.exception(_TIMEOUT_SECONDS)
        self._items.put(Ended(str(future.key), error=error))

    async def _fetch(self, future: Future[bytes]) -> None:
        task = str(future.key)
        try:
            (packed,) = await self._client.gather([future], asynchronous=True)
        except (asyncio.CancelledError, CancelledError, OSError, TimeoutError):
            # The answer went down with its worker or with the connection.
            self._items.put(Ended(task))
        else:
            self._items.put(Ended(task, answer=pickle.loads(packed)))  # noqa: S301 from our own task
