"""Serve training jobs that come in over a pipe, until the pipe closes."""

import os
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import psutil

from study.data.store import open_training_data
from study.data.values import TrainingData
from study.executors.own_network import OwnNetwork
from study.executors.pipe_messages import Broken, Memory, OpenData, Ready, StopJob
from study.executors.protocol import Event, Job, Started
from study.executors.train_job import Trains, train_job


def serve(
    descriptor: int,
    make_trainer: Callable[[TrainingData], Trains],
    make_own: Callable[[TrainingData, OwnNetwork], Trains] | None = None,
) -> None:
    """Serve the pipe with this file descriptor; never returns.

    `make_own` makes what trains a user's own network.

    The process ends as soon as the pipe closes, whatever it is doing: nobody waits for it then.
    """
    pipe: Connection[Any, Any] = Connection(descriptor)
    inbox = _Inbox(pipe)
    trainer: Trains | None = None
    fingerprint = ""
    while True:
        message = inbox.next()
        if isinstance(message, OpenData):
            training = open_training_data(Path(message.folder))
            own = message.network
            trainer = make_own(training, own) if own and make_own else make_trainer(training)
            fingerprint = training.about.fingerprint
            pipe.send(Ready())
        elif trainer is None or message.fingerprint != fingerprint:
            pipe.send(Broken(message.job, f"job {message.job} is for other data than was opened"))
        else:
            _work(pipe, inbox, trainer, message)


class _Inbox:
    """Read the pipe in a thread of its own, so that a stop or the coordinator's end is noticed."""

    def __init__(self, pipe: "Connection[Any, Any]") -> None:
        self._pipe = pipe
        self._jobs: SimpleQueue[Job | OpenData] = SimpleQueue()
        self._stopped: set[int] = set()
        threading.Thread(target=self._read, daemon=True).start()

    def next(self) -> Job | OpenData:
        """Wait for something to do."""
        return self._jobs.get()

    def is_stopped(self, job: int) -> bool:
        """Tell whether a job was asked to stop."""
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
                if isinstance(message, Job):
                    # Numbers come again: a stop that came too late was for the job before.
                    self._stopped.discard(message.job)
                self._jobs.put(message)


def _work(pipe: "Connection[Any, Any]", inbox: _Inbox, trainer: Trains, job: Job) -> None:
    pipe.send(Started(job.job, str(os.getpid())))
    end: Event | Broken
    try:
        end = train_job(trainer, job, pipe.send, lambda: inbox.is_stopped(job.job))
    except Exception as error:  # noqa: BLE001 a bug in training is reported whole, and the study goes on
        end = Broken(job.job, f"{type(error).__name__}: {error}", traceback.format_exc())
    pipe.send(Memory(psutil.Process().memory_info().rss))
    pipe.send(end)
