"""Ask a process of its own for the classes that weights give to examples."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import fault
from study.config import TrainConfig
from study.confirmation.weights import Weights
from study.data.values import About, Examples
from study.executors.process import WorkerProcess, start_worker

READY = "ready"
Classes = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class PredictTask:
    """Weights of a config (Keras's order) and the examples to classify."""

    config: TrainConfig
    weights: Weights
    examples: Examples
    about: About


Predictor = Callable[[PredictTask], Classes]
# Opens a predictor that is ready: only then may the test split be opened.
Predicting = Callable[[], AbstractContextManager[Predictor]]


@contextmanager
def predictor_process(log: Path) -> Iterator[Predictor]:
    """Start the process and yield what asks it; its stderr goes to the log.

    Raises FaultError where the process does not start or dies.
    """
    process = start_worker([sys.executable, "-m", "study.confirmation.predictor"], log)
    try:
        _receive(process, log)
        yield lambda task: _classes(process, log, task)
    finally:
        process.kill()
        process.join()


def _classes(process: WorkerProcess, log: Path, task: PredictTask) -> Classes:
    process.send(task)
    found = _receive(process, log)
    return np.asarray(found, dtype=np.int32)


def _receive(process: WorkerProcess, log: Path) -> object:
    try:
        return process.pipe.recv()
    except (EOFError, OSError) as error:
        raise fault(str(log), "the process that evaluates networks ended; see the log") from error
