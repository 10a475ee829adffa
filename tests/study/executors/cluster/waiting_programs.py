"""What studies start that wait in place of training: `python waiting_programs.py ROLE FD`.

As `worker` it trains: what a trial comes to is a pure function of config and seed, and process
lists show whether one runs. As `network` it holds no Keras, and writes an empty network.
"""

import ctypes
import hashlib
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from reports.child_process import die_with
from search_spaces.measures import MeasureName
from study.config import TrainConfig
from study.data.values import Split, TrainingData
from study.engine.results import EpochResult, TrialResult
from study.executors.worker_loop import serve
from study.networks.tasks import NAMES, READY, SaveNetwork, Summarize, Task

IDLE, AT_WORK = "study-worker", "study-training"
EPOCH_SECONDS = 0.04
# prctl's option by which a process names itself: linux/prctl.h.
_NAME = 15


@dataclass(frozen=True)
class Trained:
    result: TrialResult | None
    weights: tuple[Any, ...] = ()


def call_itself(name: str) -> None:
    ctypes.CDLL(None).prctl(_NAME, name.encode())


class Waiter:
    def __init__(self, _training: TrainingData) -> None:
        call_itself(IDLE)

    def train(
        self,
        config: TrainConfig,
        seed: int,
        _split: Split | None,
        on_epoch: Callable[[EpochResult], bool],
        _measure: MeasureName,
    ) -> Trained:
        call_itself(AT_WORK)
        digest = hashlib.sha256(f"{config.key} {seed}".encode()).hexdigest()
        top, n = int(digest[:6], 16) / 2**24, config.epochs
        stopped = False
        for epoch in range(1, n + 1):
            time.sleep(EPOCH_SECONDS)
            stopped = on_epoch(EpochResult(epoch, 1.0, 1.0, top * epoch / n, EPOCH_SECONDS))
            if stopped:
                break
        call_itself(IDLE)
        result = TrialResult(top, 1 - top, 240, n, n, 1, n * EPOCH_SECONDS, digest, 1)
        return Trained(None if stopped else result)


def answer(task: Task) -> Any:
    match task:
        case Summarize(shape=shape):
            return f"a network of width {shape.config.width}"
        case SaveNetwork(folder=folder):
            (folder / NAMES["keras"]).touch()
            return None
    raise TypeError(task)


def main() -> None:
    # Held where it is, it would not hear that whoever started it has ended.
    die_with(os.getppid())
    role, descriptor = sys.argv[1], int(sys.argv[2])
    if role == "worker":
        serve(descriptor, Waiter)
    pipe: Connection[Any, Any] = Connection(descriptor)
    pipe.send(READY)
    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return
        pipe.send(answer(task))


if __name__ == "__main__":
    main()
