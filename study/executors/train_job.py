"""Train one job, wherever that is: events out, a stop in."""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from search_spaces.measures import MeasureName
from study.data.values import Split
from study.engine.pooling import pooled
from study.engine.results import EpochResult, TrainingError, TrialResult
from study.engine.seeds import fold_seed
from study.executors.protocol import EpochEnded, Event, Failed, Finished, Job, Stopped
from study.machine import place


class Answer(Protocol):
    """What a training gives: `result` is None where it was asked to stop."""

    @property
    def result(self) -> TrialResult | None:
        """Return the result."""

    @property
    def weights(self) -> tuple[NDArray[np.float32], ...]:
        """Return the kept weights in Keras's order."""


class Trains(Protocol):
    """What a worker needs of what trains: the engine, or a user's own network."""

    def train(
        self,
        config: Any,
        seed: int,
        split: Split | None,
        on_epoch: Callable[[EpochResult], bool],
        measure: MeasureName,
    ) -> Answer:
        """Train one config of its own kind; `on_epoch` returns True to stop after this epoch."""


def train_job(
    trainer: Trains, job: Job, send: Callable[[Event], None], stopping: Callable[[], bool]
) -> Event:
    """Train one job, sending its epochs, and return the event that ends it.

    On several folds the first one's epochs alone are sent: a job has one curve. What it reaches is
    that of all folds together; weights are the first one's.
    """

    def on_epoch(result: EpochResult) -> bool:
        send(EpochEnded(job.job, result))
        return stopping()

    try:
        first = trainer.train(job.config, job.seed, job.split, on_epoch, job.measure)
        found = None if first.result is None else _all_folds(trainer, job, first.result, stopping)
    except TrainingError as error:
        return Failed(job.job, error.reason)
    if found is None:
        return Stopped(job.job)
    weights = first.weights if job.keep_weights else None
    return Finished(job.job, found, weights, place())


def _all_folds(
    trainer: Trains, job: Job, first: TrialResult, stopping: Callable[[], bool]
) -> TrialResult | None:
    """Train on the folds after the first and pool the results; None where it was to stop."""
    results = [first]
    for split in job.split.in_turn()[1:] if job.split else ():
        if stopping():
            return None
        seed = fold_seed(job.seed, split.fold)
        end = trainer.train(job.config, seed, split, lambda _: stopping(), job.measure)
        if end.result is None:
            return None
        results.append(end.result)
    return pooled(results)
