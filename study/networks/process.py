"""The process that holds Keras for others: `python -m study.networks.process FD`.

It says that it is ready, then answers each task that comes over the pipe, until the pipe closes.
"""

import sys
import tempfile
from multiprocessing.connection import Connection
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import FaultError, fault, shown
from study.data.values import Examples
from study.engine.results import TrainingError
from study.engine.weights import Weights
from study.executors.own_model import own_predictions, own_summary, run_theirs
from study.executors.own_network import OwnNetwork
from study.networks.keras_file import check_network_file
from study.networks.keras_model import build_model, model_summary, predictions
from study.networks.prepared_model import with_preparation
from study.networks.tasks import (
    NAMES,
    READY,
    Classify,
    ClassifyOwn,
    Form,
    ReadNetwork,
    Refused,
    SaveNetwork,
    Summarize,
    SummarizeOwn,
    Task,
)


def main(descriptor: int) -> None:
    """Serve the pipe with this file descriptor."""
    pipe: Connection[Any, Any] = Connection(descriptor)
    pipe.send(READY)
    network: OwnNetwork | None = None
    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return
        if isinstance(task, OwnNetwork):
            network = task
        else:
            pipe.send(answer(task, network))


def answer(task: Task, network: OwnNetwork | None = None) -> Any:
    """Do one task and return its answer, Refused where it cannot be done."""
    try:
        match task:
            case ClassifyOwn() | SummarizeOwn():
                return answer_own(task, network)
            case SaveNetwork():
                return save_network(task)
            case ReadNetwork():
                return read_network(task)
            case Classify():
                return classify(task)
            case Summarize(shape=shape):
                return model_summary(shape.config, shape.features, shape.classes)
    except FaultError as error:
        return Refused(error.faults)


def answer_own(task: ClassifyOwn | SummarizeOwn, network: OwnNetwork | None) -> Any:
    """Do a task about a user's own network; raises FaultError with what went wrong in it."""
    if network is None:
        raise fault("network", "the function that builds it was not given")
    keras.utils.clear_session()  # what it keeps of every model would grow with each task
    try:
        build = run_theirs("import", network.load)
        if isinstance(task, SummarizeOwn):
            return own_summary(build, task.params, task.about)
        return own_predictions(build, task.params, task.weights, task.inputs, task.about)
    except TrainingError as error:
        given = shown(dict(task.params))
        raise fault(f"{network.name}({given})", error.reason) from error


def save_network(task: SaveNetwork) -> None:
    """Write the network in each form asked for.

    It takes inputs divided by their full scale, or a table's rows.
    """
    if task.preparation is not None and "onnx" in task.forms:
        what = "a table's network is not written so: its missing values are lost on the way"
        raise fault("--format onnx", what, allowed="keras, litert, saved_model")
    # Keras and TensorFlow ask Python where temporary files go.
    tempfile.tempdir = None if task.scratch is None else str(task.scratch)
    model = build_model(task.shape.config, task.shape.features, task.shape.classes)
    model.set_weights(list(task.weights))
    if task.preparation is not None:
        model = with_preparation(model, task.preparation)
    model(np.zeros((1, *model.input_shape[1:]), np.float32))  # ONNX wants a model that was called
    for form in task.forms:
        path = str(task.folder / NAMES[form])
        if form == "keras":
            model.save(path)
        else:
            _export(model, path, form)


def _export(model: Any, path: str, form: Form) -> None:
    kind = "tf_saved_model" if form == "saved_model" else form
    try:
        model.export(path, format=kind, verbose=False)
    except (ImportError, RuntimeError, ValueError) as error:
        raise fault(f"--format {form}", "the network cannot be written so", error) from error


def read_network(task: ReadNetwork) -> Weights:
    """Read weights into a network built from our own config; raises FaultError."""
    shape = task.shape
    prepared = task.preparation
    columns = 0 if prepared is None else prepared.columns
    check_network_file(task.path, shape.config, shape.features, shape.classes, columns)
    model = build_model(shape.config, shape.features, shape.classes)
    if prepared is not None:
        model = with_preparation(model, prepared)
    model.load_weights(str(task.path))
    return tuple(model.get_weights())


def classify(task: Classify) -> NDArray[np.float32]:
    """Return class probabilities (n, classes); raises FaultError."""
    weights = task.weights
    if isinstance(weights, ReadNetwork):
        weights = read_network(weights)
    examples = Examples(task.inputs, np.zeros(len(task.inputs), np.int32))
    return predictions(task.config, weights, examples, task.about)


if __name__ == "__main__":
    main(int(sys.argv[1]))
