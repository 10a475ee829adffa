"""Send the training data to workers that cannot read it where it lies."""

import queue
import threading
from collections.abc import Callable
from pathlib import Path

from distributed import Client

from study.data.store import pack_training_data
from study.executors.cluster.worker_plugin import receive_data


class Sender:
    """Send from a thread of its own, so that the coordinator's loop goes on meanwhile.

    `failed` is called with the address of a worker that could not be reached, and why.
    """

    def __init__(
        self, client: Client, plugin: str, folder: Path, failed: Callable[[str, str], None]
    ) -> None:
        self._client, self._plugin, self._folder, self._failed = client, plugin, folder, failed
        self._waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="data sender", daemon=True)
        self._thread.start()

    def send(self, address: str) -> None:
        """Have the data sent to this worker as soon as the line is free."""
        self._waiting.put(address)

    def close(self) -> None:
        """Send nothing more."""
        self._waiting.put(None)

    def _run(self) -> None:
        files: dict[str, bytes] | None = None
        while (address := self._waiting.get()) is not None:
            files = files or pack_training_data(self._folder)
            try:
                answers = self._client.run(
                    receive_data, self._plugin, files, workers=[address], on_error="return"
                )
            except (OSError, TimeoutError, ValueError) as error:
                # Gone before it was its turn: the scheduler knows no such worker any more.
                self._failed(address, str(error))
                continue
            for answer in answers.values():
                if isinstance(answer, Exception):
                    self._failed(address, f"{type(answer).__name__}: {answer}")
