"""Train in a thread of this process: for tests, debugging and a single core."""

import queue
import threading

from study.executors.protocol import Event, Job, Lost, Started
from study.executors.train_job import Trains, train_job


class InProcessExecutor:
    """Run one job at a time in a thread; a killed job's thread is left behind to end."""

    def __init__(self, trainer: Trains) -> None:
        self._trainer = trainer
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._stops: dict[int, threading.Event] = {}

    @property
    def slots(self) -> int:
        """Return 1."""
        return 1

    def start(self, job: Job) -> None:
        """Begin a job."""
        stop = self._stops[job.job] = threading.Event()
        thread = threading.Thread(target=self._run, args=(job, stop), daemon=True)
        thread.start()

    def stop(self, job: int) -> None:
        """Ask a job to end after its running epoch."""
        if job in self._stops:
            self._stops[job].set()

    def kill(self, job: int) -> None:
        """Give a job up: its thread ends after its running epoch, unheard."""
        if job in self._stops:
            self._stops.pop(job).set()
            self._events.put(Lost(job, "it was ended"))

    def events(self, timeout: float) -> list[Event]:
        """Wait up to timeout seconds for at least one event and return all there are."""
        found: list[Event] = []
        try:
            found.append(self._events.get(timeout=timeout))
            while True:
                found.append(self._events.get_nowait())
        except queue.Empty:
            return found

    def close(self) -> None:
        """Tell running jobs to end."""
        for stop in self._stops.values():
            stop.set()

    def _run(self, job: Job, stop: threading.Event) -> None:
        def send(event: Event) -> None:
            if job.job in self._stops:
                self._events.put(event)

        send(Started(job.job, "in-process"))
        send(train_job(self._trainer, job, send, stop.is_set))
        self._stops.pop(job.job, None)
