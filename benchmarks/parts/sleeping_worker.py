"""A worker that sleeps instead of training: `sleeping_worker.py SECONDS_AN_EPOCH FD`."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from search_spaces.measures import MeasureName
from study.config import TrainConfig
from study.data.values import Split, TrainingData
from study.engine.results import EpochResult, TrialResult
from study.executors.worker_loop import serve


@dataclass(frozen=True)
class Slept:
    """A training's answer."""

    result: TrialResult | None
    weights: tuple[()] = ()


class Sleeper:
    """Pretend to train."""

    def __init__(self, seconds: float, _data: TrainingData) -> None:
        self._seconds = seconds

    def train(
        self,
        config: TrainConfig,
        seed: int,
        split: Split | None,
        on_epoch: Callable[[EpochResult], bool],
        measure: MeasureName,
    ) -> Slept:
        """Sleep through the epochs."""
        del split, measure
        accuracy = (seed % 1000) / 1000
        pause = self._seconds
        for epoch in range(1, config.epochs + 1):
            time.sleep(pause)
            if on_epoch(EpochResult(epoch, 0.1, 0.1, accuracy, pause)):
                return Slept(None)
        epochs = config.epochs
        seconds = pause * epochs
        return Slept(TrialResult(accuracy, 0.1, 100, epochs, epochs, 1, seconds, "0" * 64, 1))


if __name__ == "__main__":
    serve(int(sys.argv[2]), partial(Sleeper, float(sys.argv[1])))
