"""The jobs on a cluster, and how they end: each is reported once, whatever Dask does twice."""

from dataclasses import dataclass, field

from study.engine.results import EpochResult
from study.executors.cluster.messages import Answer
from study.executors.protocol import EpochEnded, Event, Job, Lost, Started, Stopped


@dataclass
class Placed:
    """A job as a Dask task; `worker` is the address of the one that began it, if any has."""

    task: str
    job: Job
    worker: str = ""
    epochs: int = 0


@dataclass
class Placements:
    """All jobs on the cluster. A task that is no longer here is over; what it says is ignored."""

    by_task: dict[str, Placed] = field(default_factory=dict)
    by_job: dict[int, Placed] = field(default_factory=dict)

    def add(self, task: str, job: Job) -> None:
        """Place a job as a task."""
        self.by_task[task] = self.by_job[job.job] = Placed(task, job)

    def remove(self, placed: Placed) -> None:
        """Forget a job that has ended."""
        del self.by_task[placed.task], self.by_job[placed.job.job]

    def started(self, task: str, worker: str, name: str) -> list[Event]:
        """Take in that a worker began a task.

        Dask runs a task again, unasked, when it loses the worker: that is the job's end, since only
        the coordinator decides on another attempt.
        """
        placed = self.by_task.get(task)
        if placed is None:
            return []
        if placed.worker:
            return [self._lost(placed, "its worker was lost, and Dask began it again")]
        placed.worker = worker
        return [Started(placed.job.job, name)]

    def epoch(self, task: str, worker: str, result: EpochResult) -> list[Event]:
        """Take in an epoch, in its turn and once."""
        placed = self.by_task.get(task)
        if placed is None or placed.worker != worker or result.epoch != placed.epochs + 1:
            return []
        placed.epochs += 1
        return [EpochEnded(placed.job.job, result)]

    def answered(self, task: str, answer: Answer, name: str) -> list[Event]:
        """Take in a task's answer, and first whatever events of it did not arrive."""
        placed = self.by_task.get(task)
        if placed is None:
            return []
        missing: list[Event] = [] if placed.worker else [Started(placed.job.job, name)]
        missing += answer.epochs[placed.epochs :]
        self.remove(placed)
        if isinstance(answer.end, Stopped):
            # Nobody here asked for it: else the task would be gone.
            return [*missing, Lost(placed.job.job, "its worker was closed")]
        return [*missing, answer.end]

    def dropped(self, task: str, reason: str) -> list[Event]:
        """Take in that Dask gave a task up."""
        placed = self.by_task.get(task)
        return [] if placed is None else [self._lost(placed, reason)]

    def worker_left(self, worker: str, name: str) -> list[tuple[str, Event]]:
        """Take in that a worker is gone; return the tasks it had begun, with their jobs' ends."""
        begun = [placed for placed in self.by_task.values() if placed.worker == worker]
        return [(one.task, self._lost(one, f"{name} was lost")) for one in begun]

    def _lost(self, placed: Placed, reason: str) -> Event:
        self.remove(placed)
        return Lost(placed.job.job, reason)
