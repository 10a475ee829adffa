"""A worker process: training jobs come in over a pipe, events go out, until the pipe closes.

Started by `study.executors.local` as `python -m study.executors.worker FD` with one thread for
TensorFlow in its environment, in a session of its own, so that Ctrl-C does not reach it.
"""

import os
import sys
import threading
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue

import psutil

from study.data.store import open_training_data
from study.engine.trainer import Trainer
from study.executors.messages import Broken, Idle, OpenData, Ready, StopJob
from study.executors.protocol import Event, Job, Started
from study.executors.training import train_job


class _Inbox:
    """Read the pipe in a thread of its own, so that a stop or the coordinator's end is noticed."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._jobs: SimpleQueue[Job | OpenData] = SimpleQueue()
        self._stopped: set[int] = set()
        threading.Thread(target=self._read, daemon=True).start()

    def next(self) -> Job | OpenData:
        """Wait for something to do."""
        return self._jobs.get()

    def is_stopped(self, job: int) -> bool:
        """Tell whether a job was told to stop."""
        return job in self._stopped

    def _read(self) -> None:
        while True:
            try:
                message = self._pipe.recv()
            except (EOFError, OSError):
                # The coordinator is gone or wants no more of this worker: whatever runs is void.
                os._exit(0)
            if isinstance(message, StopJob):
                self._stopped.add(message.job)
            else:
                self._jobs.put(message)


def main() -> None:
    """Serve the pipe whose file descriptor is the one argument."""
    pipe = Connection(int(sys.argv[1]))
    inbox = _Inbox(pipe)
    pipe.send(Ready())
    trainer: Trainer | None = None
    fingerprint = ""
    while True:
        message = inbox.next()
        if isinstance(message, OpenData):
            training = open_training_data(Path(message.folder))
            trainer, fingerprint = Trainer(training), training.about.fingerprint
            continue
        if trainer is None or message.fingerprint != fingerprint:
            pipe.send(Broken(message.job, f"job {message.job} is for other data than was opened"))
            continue
        _work(pipe, inbox, trainer, message)


def _work(pipe: Connection, inbox: _Inbox, trainer: Trainer, job: Job) -> None:
    pipe.send(Started(job.job, str(os.getpid())))
    end: Event | Broken
    try:
        end = train_job(trainer, job, pipe.send, lambda: inbox.is_stopped(job.job))
    except Exception as error:  # noqa: BLE001 a bug in training is told whole, and the study goes on
        end = Broken(job.job, f"{type(error).__name__}: {error}", traceback.format_exc())
    pipe.send(end)
    pipe.send(Idle(psutil.Process().memory_info().rss))


if __name__ == "__main__":
    main()
