"""One study's presence on a cluster: a plugin on every worker, and tasks that are its jobs."""

import pickle
import uuid
from contextlib import suppress
from pathlib import Path

from distributed import Future

from search_spaces.faults import fault
from study.data.store import stored_fingerprint
from study.engine.source import engine_fingerprint
from study.executors.cluster.connection import Connection
from study.executors.cluster.data_sender import Sender
from study.executors.cluster.handshake import Offer
from study.executors.cluster.inbox import DASKS_OWN, Inbox, Unreached, Unsent
from study.executors.cluster.scheduler_plugin import Farewell
from study.executors.cluster.worker_plugin import Agent, train_on_worker
from study.executors.protocol import Job
from study.machine import versions


class Session:
    """Offer the data of a folder to workers and hand them jobs; the inbox hears the answers.

    `command` starts training processes in place of the product's own where it is not empty.
    """

    def __init__(
        self, connection: Connection, inbox: Inbox, folder: Path, command: tuple[str, ...]
    ) -> None:
        fingerprint = stored_fingerprint(folder)
        assert fingerprint is not None  # noqa: S101 the coordinator has just written it
        name, place = uuid.uuid4().hex[:12], str(folder.resolve())
        self._offer = Offer(name, place, fingerprint, versions(), engine_fingerprint(), command)
        self._client, self._address = connection.client, connection.address
        self._line = connection.client.scheduler_comm
        self._inbox = inbox
        self._sender = Sender(self._client, self._offer.plugin, folder, self._not_sent)
        self._jobs = 0

    @property
    def is_connected(self) -> bool:
        """Tell whether the scheduler is there and was all the time.

        Dask connects again by itself, but the scheduler has forgotten the session by then.
        """
        return self._client.status == "running" and self._client.scheduler_comm is self._line

    def begin(self) -> None:
        """Put the plugin on every worker, also on later ones.

        Raises FaultError where the scheduler does not answer, or it or a worker cannot load this
        product.
        """
        plugin = self._offer.plugin
        self._inbox.subscribe(plugin)
        self._inbox.subscribe(DASKS_OWN)
        try:
            self._client.register_plugin(Farewell(self._client.id, plugin))
            self._client.register_plugin(Agent(self._offer), name=plugin)
        except OSError as error:
            # A worker is cut off; the others have the plugin, and it is offered to later ones.
            self._inbox.put(Unreached(str(error)))
        except Exception as error:
            what = "the scheduler or a worker cannot load dense-study"
            raise fault(self._address, f"{what}: {type(error).__name__}: {error}") from error

    def submit(self, job: Job) -> tuple[str, Future[bytes]]:
        """Hand a job to Dask; return its task's name and future."""
        self._jobs += 1
        plugin = self._offer.plugin
        task = f"{plugin}-{self._jobs}"
        future = self._client.submit(
            train_on_worker,
            plugin,
            task,
            pickle.dumps(job),
            key=task,
            pure=False,
            resources={plugin: 1},
        )
        return task, future

    def send_data(self, worker: str) -> None:
        """Have the data sent to a worker that cannot read it."""
        self._sender.send(worker)

    def close(self) -> None:
        """Take the plugin from the workers, which end their training processes."""
        self._sender.close()
        if self.is_connected:
            # A worker that is cut off just now ends idle processes by itself.
            with suppress(OSError):
                self._client.unregister_worker_plugin(self._offer.plugin)

    def _not_sent(self, worker: str, reason: str) -> None:
        # Called from the sender's thread.
        self._inbox.put(Unsent(worker, reason))
