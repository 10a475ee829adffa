"""Train jobs in worker processes of their own, outside a search."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from search_spaces.faults import fault
from study.coordinator.jobs import run_jobs
from study.data.store import save_training_data
from study.data.values import TrainingData
from study.executors.local import LocalExecutor
from study.executors.protocol import Event, Failed, Finished, Job

# Trains one job to its end, wherever that is done.
Train = Callable[[Job], Finished | Failed]


def train_in_workers(
    training: TrainingData,
    jobs: Sequence[Job],
    workers: int,
    log: Path,
    on_event: Callable[[Event], None] = lambda _: None,
) -> dict[int, Finished | Failed]:
    """Return every job's end by its number; what workers write to stderr goes to the log."""
    with tempfile.TemporaryDirectory(prefix="dense-study-") as folder:
        executor = LocalExecutor(workers, log)
        try:
            save_training_data(Path(folder) / "data", training)
            executor.open_data(Path(folder) / "data")
            return run_jobs(executor, jobs, on_event)
        finally:
            executor.close()


def trains_alone(training: TrainingData, log: Path) -> Train:
    """Return what trains a job in a worker that is started for it alone."""
    return lambda job: train_in_workers(training, [job], 1, log)[job.job]


def finished(where: str, end: Finished | Failed) -> Finished:
    """Return a training that finished; raises FaultError with the reason of one that failed."""
    if isinstance(end, Failed):
        raise fault(where, "the training failed", end.reason)
    return end
