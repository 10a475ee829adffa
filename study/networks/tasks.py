"""Ask the process that holds Keras to write, read, describe and apply networks."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import Fault, FaultError, fault
from search_spaces.parameters import Params
from study.config import TrainConfig
from study.data.preparation import Preparation
from study.data.values import About, Pixels
from study.engine.weights import Weights
from study.executors.own_config import Config, OwnConfig
from study.executors.own_network import OwnNetwork
from study.executors.worker_process import WorkerProcess, start_module, start_worker

Form = Literal["keras", "onnx", "litert", "saved_model"]
NAMES: dict[Form, str] = {
    "keras": "model.keras",
    "onnx": "model.onnx",
    "litert": "model.tflite",
    "saved_model": "saved_model",
}
# What the process says once it has imported Keras.
READY = "ready"
# So often it is started, and a task asked for, where one process after the other dies of it.
_ATTEMPTS = 3


@dataclass(frozen=True)
class Shape:
    """What a network is: its config, the inputs an image has, and the number of classes."""

    config: TrainConfig
    features: int
    classes: int


@dataclass(frozen=True, eq=False)
class SaveNetwork:
    """Write a network with these weights (Keras's order) into a folder, in each of the forms.

    What is written on the way, and left by a process that is killed, lies in `scratch`; None for
    the machine's folder of temporary files. With a `preparation` the file takes a table's rows.
    """

    shape: Shape
    weights: Weights
    folder: Path
    forms: tuple[Form, ...]
    scratch: Path | None = None
    preparation: Preparation | None = None


@dataclass(frozen=True)
class ReadNetwork:
    """Return the weights of a .keras file that must hold a network of this shape.

    `preparation` is what the file holds before the network, None for images.
    """

    shape: Shape
    path: Path
    preparation: Preparation | None = None


@dataclass(frozen=True, eq=False)
class Classify:
    """Return the class probabilities (n, classes), float32, that a network gives to inputs.

    `weights` are in Keras's order, or how to read the file that holds them. Inputs are (n,
    features) in the data set's own scale, or prepared where they are a table's.
    """

    config: TrainConfig
    weights: Weights | ReadNetwork
    inputs: Pixels
    about: About


@dataclass(frozen=True)
class Summarize:
    """Return Keras's summary of a network as text."""

    shape: Shape


@dataclass(frozen=True, eq=False)
class ClassifyOwn:
    """Return what a user's own network, with these weights, gives to inputs: (n, classes), float32.

    Inputs are as those of Classify.
    """

    params: Params
    weights: Weights
    inputs: Pixels
    about: About


@dataclass(frozen=True)
class SummarizeOwn:
    """Build a user's own network, see that it takes the data, and return Keras's summary of it."""

    params: Params
    about: About


Task = SaveNetwork | ReadNetwork | Classify | Summarize | ClassifyOwn | SummarizeOwn


def classify_task(config: Config, weights: Weights, inputs: Pixels, about: About) -> Task:
    """Return the task of classifying with a network of any kind."""
    if isinstance(config, OwnConfig):
        return ClassifyOwn(config.params, weights, inputs, about)
    return Classify(config, weights, inputs, about)


def summary_task(config: Config, features: int, about: About) -> Task:
    """Return the task of describing a network of any kind."""
    if isinstance(config, OwnConfig):
        return SummarizeOwn(config.params, about)
    return Summarize(Shape(config, features, len(about.classes)))


@dataclass(frozen=True)
class Refused:
    """A task that could not be done, and why."""

    faults: tuple[Fault, ...]


Ask = Callable[[Task], Any]
# Opens what answers; it is ready then, so that the test split is not opened in vain.
OpenAsk = Callable[[], AbstractContextManager[Ask]]


@contextmanager
def one_process(open_ask: OpenAsk) -> Iterator[OpenAsk]:
    """Give what opens one process when it is first asked for, and closes it with this context."""
    with ExitStack() as stack:
        opened: list[Ask] = []

        @contextmanager
        def opens() -> Iterator[Ask]:
            if not opened:
                opened.append(stack.enter_context(open_ask()))
            yield opened[0]

        yield opens


@contextmanager
def network_process(
    log: Path, command: Sequence[str] = (), network: OwnNetwork | None = None
) -> Iterator[Ask]:
    """Start the process and yield what asks it; its output goes to the log.

    `command` starts another program than ours; the pipe's file descriptor is added to it. `network`
    is what tasks about a user's own network are about.

    A process that dies is replaced, and asked again. Raises FaultError where it does not start;
    asking raises it with the task's faults, or where one process after the other died.
    """
    keras = _Keras(log, command, network)
    try:
        keras.start()
        yield keras.ask
    finally:
        keras.end()


class _Keras:
    """The process as it is now: it may be another one than before."""

    def __init__(self, log: Path, command: Sequence[str], network: OwnNetwork | None) -> None:
        self._log = log
        self._command = command
        self._network = network
        self._process: WorkerProcess | None = None

    def start(self) -> WorkerProcess:
        """Start a process and wait until it is ready; raises FaultError where none gets there."""
        for _ in range(_ATTEMPTS):
            process = self._process = self._begin()
            try:
                process.pipe.recv()
            except (EOFError, OSError):
                self.end()
            else:
                if self._network is not None:
                    process.send(self._network)
                return process
        raise self._ended()

    def _begin(self) -> WorkerProcess:
        if self._command:
            return start_worker(self._command, self._log)
        return start_module("study.networks.process", "study-networks", self._log)

    def end(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()

    def ask(self, task: Task) -> Any:
        """Return the answer to a task; raises FaultError."""
        process = self._process or self.start()
        for _ in range(_ATTEMPTS):
            process.send(task)
            try:
                answer = process.pipe.recv()
            except (EOFError, OSError):
                self.end()
                process = self.start()
                continue
            if isinstance(answer, Refused):
                raise FaultError(*answer.faults)
            if isinstance(task, Classify | ClassifyOwn):
                _check_probabilities(task, answer)
            return answer
        raise self._ended()

    def _ended(self) -> FaultError:
        return fault(str(self._log), "the process that holds Keras ended; see the log")


def _check_probabilities(task: Classify | ClassifyOwn, found: NDArray[np.float32]) -> None:
    """Raise FaultError unless every input has a finite probability for every class."""
    expected = (len(task.inputs), len(task.about.classes))
    if found.shape != expected:
        raise fault("network", "gave other answers than were asked for", found.shape, str(expected))
    if not np.isfinite(found).all():
        broken = int((~np.isfinite(found).all(axis=1)).sum())
        what = f"gave answers that are not numbers to {broken:,} of {len(found):,} inputs"
        raise fault("network", what, allowed="finite weights and inputs")
