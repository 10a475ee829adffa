"""Ask a process of its own about networks, so that the coordinator needs no tensorflow."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search_spaces.faults import fault
from study.config import TrainConfig
from study.confirmation.weights import Weights
from study.data.values import About, Examples
from study.executors.process import WorkerProcess, start_worker

READY = "ready"


@dataclass(frozen=True, eq=False)
class Classify:
    """Return class probabilities (n, classes), float32; weights are in Keras's order."""

    config: TrainConfig
    weights: Weights
    examples: Examples
    about: About


@dataclass(frozen=True)
class Summarize:
    """Return Keras's summary of the config's network as text."""

    config: TrainConfig
    features: int
    classes: int


Ask = Callable[[Classify | Summarize], Any]
# Opens what answers; it is ready then, so that the test split is not opened in vain.
OpenAsk = Callable[[], AbstractContextManager[Ask]]


@contextmanager
def predictor_process(log: Path) -> Iterator[Ask]:
    """Start the process and yield what asks it; its output goes to the log.

    Raises FaultError where the process does not start or dies.
    """
    process = start_worker([sys.executable, "-m", "study.confirmation.predictor"], log)
    try:
        _receive(process, log)
        yield lambda task: _answer(process, log, task)
    finally:
        process.kill()
        process.join()


def _answer(process: WorkerProcess, log: Path, task: Classify | Summarize) -> Any:
    process.send(task)
    return _receive(process, log)


def _receive(process: WorkerProcess, log: Path) -> Any:
    try:
        return process.pipe.recv()
    except (EOFError, OSError) as error:
        raise fault(str(log), "the process that evaluates networks ended; see the log") from error
