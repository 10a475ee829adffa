"""Ask a process of its own to write, read and apply networks, so that nobody else needs keras."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import Fault, FaultError, fault
from study.config import TrainConfig
from study.data.values import About
from study.engine.weights import Weights
from study.executors.process import WorkerProcess, start_worker

Form = Literal["keras", "onnx", "litert", "saved_model"]
NAMES: dict[Form, str] = {
    "keras": "model.keras",
    "onnx": "model.onnx",
    "litert": "model.tflite",
    "saved_model": "saved_model",
}


@dataclass(frozen=True)
class Shape:
    """What a network is: its config, the inputs an image has, and the number of classes."""

    config: TrainConfig
    features: int
    classes: int


@dataclass(frozen=True, eq=False)
class SaveNetwork:
    """Write a network with these weights (Keras's order) into a folder, in each of the forms."""

    shape: Shape
    weights: Weights
    folder: Path
    forms: tuple[Form, ...]


@dataclass(frozen=True)
class ReadNetwork:
    """Return the weights of a .keras file that must hold a network of this shape."""

    shape: Shape
    path: Path


@dataclass(frozen=True, eq=False)
class Classify:
    """Return the class probabilities (n, classes) that a .keras file gives to inputs.

    Inputs are (n, features) in the data set's own scale.
    """

    network: ReadNetwork
    inputs: NDArray[np.float32]
    about: About


Task = SaveNetwork | ReadNetwork | Classify


@dataclass(frozen=True)
class Refused:
    """A task that could not be done, and why."""

    faults: tuple[Fault, ...]


Ask = Callable[[Task], Any]


@contextmanager
def network_process(log: Path) -> Iterator[Ask]:
    """Start the process and yield what asks it; its output goes to the log.

    Asking raises FaultError with the task's faults, or where the process died.
    """
    process = start_worker([sys.executable, "-m", "study.bundle.network_process"], log)
    try:
        yield lambda task: _answer(process, log, task)
    finally:
        process.kill()
        process.join()


def _answer(process: WorkerProcess, log: Path, task: Task) -> Any:
    process.send(task)
    try:
        answer = process.pipe.recv()
    except (EOFError, OSError) as error:
        raise fault(str(log), "the process that handles networks ended; see the log") from error
    if isinstance(answer, Refused):
        raise FaultError(*answer.faults)
    return answer
