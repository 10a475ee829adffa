from queue import SimpleQueue
from typing import Any

from study.config import config_from_params
from study.executors.pipe_messages import StopJob
from study.executors.protocol import Job
from study.executors.worker_loop import _Inbox

JOB = Job(5, config_from_params({}), 1, "f" * 64, None)


class _Pipe:
    """A pipe that never closes: at its end the reader would end this process."""

    def __init__(self) -> None:
        self._messages: SimpleQueue[Any] = SimpleQueue()
        self.send = self._messages.put
        self.recv = self._messages.get


def test_a_stop_that_came_too_late_does_not_stop_the_next_job_of_that_number() -> None:
    pipe = _Pipe()
    inbox = _Inbox(pipe)  # type: ignore[arg-type]

    pipe.send(StopJob(5))
    pipe.send(JOB)

    assert inbox.next() == JOB
    assert not inbox.is_stopped(5)


def test_a_stop_after_its_job_holds() -> None:
    pipe = _Pipe()
    inbox = _Inbox(pipe)  # type: ignore[arg-type]

    pipe.send(JOB)
    pipe.send(StopJob(5))
    pipe.send(Job(6, JOB.config, 1, "f" * 64, None))

    assert inbox.next().job == 5  # type: ignore[union-attr]
    assert inbox.next().job == 6  # type: ignore[union-attr]
    assert inbox.is_stopped(5)
    assert not inbox.is_stopped(6)
