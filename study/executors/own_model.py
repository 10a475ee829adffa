"""The Keras model that a user's function builds: asked for, checked, and given its inputs."""

import math
import sysconfig
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import keras
import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import cut
from search_spaces.parameters import Params
from study.data.values import About, Pixels
from study.engine.fixed import EVALUATION_BATCH
from study.engine.results import TrainingError
from study.engine.weights import Weights
from study.executors.own_network import Build

Model = Any  # keras ships no types
# What `fit` is given by us.
_OURS = ("x", "y", "validation_data", "validation_split", "verbose")
# Losses that take labels one-hot.
_ONE_HOT = ("categorical_crossentropy", "categorical_focal_crossentropy")
# Whose lines are no help to the user: ours, Python's own, and those of installed packages.
_NOT_THEIRS = (
    str(Path(__file__).parents[1]),
    *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")),
    "<frozen",
)
T = TypeVar("T")


@dataclass(frozen=True)
class OwnModel:
    """A compiled model, the user's arguments of `fit`, and the shape of one input."""

    model: Model
    fit: dict[str, Any]
    shape: tuple[int, ...]
    classes: int

    def inputs(self, rows: Pixels, full_scale: float) -> NDArray[np.float32]:
        """Return inputs (n, *shape), float32, divided by the full scale."""
        scaled: NDArray[np.float32] = rows.astype(np.float32) / np.float32(full_scale)
        return scaled.reshape(-1, *self.shape)

    def labels(self, labels: NDArray[np.int32]) -> NDArray[Any]:
        """Return labels as the loss takes them: class numbers, one-hot for categorical ones."""
        loss = self.model.loss
        named = getattr(loss, "name", getattr(loss, "__name__", loss))
        if str(named).lower() not in (*_ONE_HOT, "categoricalcrossentropy"):
            return labels
        return np.eye(self.classes, dtype=np.float32)[labels]

    def predict(self, rows: Pixels, full_scale: float) -> NDArray[np.float32]:
        """Return what the model gives to inputs (n, classes); raises TrainingError."""
        inputs = self.inputs(rows, full_scale)
        found = run_theirs(
            "predict",
            lambda: np.asarray(self.model.predict(inputs, EVALUATION_BATCH, verbose=0)),
        )
        if found.shape != (len(rows), self.classes):
            what = f"the model gives outputs of shape {found.shape[1:]} an image"
            raise TrainingError(f"{what}; allowed: ({self.classes},), one a class")
        return found.astype(np.float32)


def run_theirs(what: str, call: Callable[[], T]) -> T:
    """Call what is the user's; what it raises goes to stderr, and becomes a TrainingError.

    That names the last line of the user's own code: where no study came to be, stderr is not kept.
    """
    try:
        return call()
    except TrainingError:
        raise
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        message = cut(" ".join(str(error).split()), 300)
        raised = f"{what} raised {type(error).__name__}: {message}{_place(error)}"
        raise TrainingError(raised) from error


def _place(error: BaseException) -> str:
    """Say in which line of the user's code an error was raised; empty where in none of it."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if not frame.filename.startswith(_NOT_THEIRS):
            return f" (line {frame.lineno} of {Path(frame.filename).name}, in {frame.name})"
    return ""


def own_model(build: Build, params: Params, about: About) -> OwnModel:
    """Call the user's function and check what it returns; raises TrainingError."""
    answer = run_theirs("build", lambda: build(dict(params)))
    model, fit = answer if isinstance(answer, tuple) and len(answer) == 2 else (answer, {})
    if not isinstance(model, keras.Model) or not isinstance(fit, Mapping):
        allowed = "a compiled keras.Model, or (model, a dict of arguments for fit)"
        raise TrainingError(f"build returned {type(answer).__name__}; allowed: {allowed}")
    if not model.compiled or model.loss is None:
        raise TrainingError("build returned a model that is not compiled with a loss")
    taken = [name for name in _OURS if name in fit]
    if taken:
        what = f"build returned arguments of fit that are not its own: {', '.join(taken)}"
        raise TrainingError(what)
    return OwnModel(model, dict(fit), _shape(model, about), len(about.classes))


def _shape(model: Model, about: About) -> tuple[int, ...]:
    """Return the data's shape in which the model takes an input; images have a channel first."""
    features = math.prod(about.image_shape)
    image = about.image_shape
    shapes = dict.fromkeys(
        ((*image, 1), image, (features,)) if len(image) == 2 else (image, (features,))
    )
    try:
        asked = model.input_shape
    except (AttributeError, ValueError):  # not built yet: any shape will do
        return next(iter(shapes))
    if isinstance(asked, tuple) and asked and not isinstance(asked[0], tuple):
        for shape in shapes:
            if _fits(asked[1:], shape):
                return shape
    allowed = " or ".join(map(str, shapes))
    raise TrainingError(
        f"the model takes inputs of shape {asked}; allowed: (None, ...) with {allowed}"
    )


def _fits(asked: tuple[int | None, ...], shape: tuple[int, ...]) -> bool:
    return len(asked) == len(shape) and all(
        one in (None, other) for one, other in zip(asked, shape, strict=True)
    )


def own_predictions(
    build: Build, params: Params, weights: Weights, rows: Pixels, about: About
) -> NDArray[np.float32]:
    """Return what a user's trained network gives to inputs (n, classes); raises TrainingError."""
    own = own_model(build, params, about)
    run_theirs("build", lambda: own.model(own.inputs(rows[:1], about.full_scale)))
    run_theirs("set_weights", lambda: own.model.set_weights(list(weights)))
    return own.predict(rows, about.full_scale)


def own_summary(build: Build, params: Params, about: About) -> str:
    """Return Keras's summary of a user's network, 80 columns wide; raises TrainingError.

    The network is called once, on zeros, so that one which cannot take the data is found out.
    """
    own = own_model(build, params, about)
    own.predict(np.zeros((1, math.prod(about.image_shape)), np.float32), 1.0)
    lines: list[str] = []
    own.model.summary(line_length=80, print_fn=lambda line, **_: lines.append(line))
    return "\n".join(lines)
