"""Train a user's own Keras model with plain `fit`, on training and validation examples alone."""

import math
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from search_spaces.measures import MeasureName
from study.data.split import split_data
from study.data.values import Examples, Split, TrainingData
from study.engine.results import EpochResult, TrainingError, TrialResult
from study.engine.trainer import Trained, peak_bytes
from study.engine.weights import weights_hash
from study.executors.own_config import OwnConfig
from study.executors.own_model import OwnModel, own_model, run_theirs
from study.executors.own_network import Build
from study.executors.own_scores import OwnScores

# What Keras may call an accuracy on validation examples.
_ACCURACIES = (
    "val_accuracy",
    "val_acc",
    "val_sparse_categorical_accuracy",
    "val_categorical_accuracy",
)


class OwnTrainer:
    """Train what a user's function builds on one data set.

    `load` fetches the function when it is first needed; `clock` gives seconds.
    """

    def __init__(
        self,
        data: TrainingData,
        load: Callable[[], Build],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._data, self._load, self._clock = data, load, clock
        self._build: Build | None = None

    def train(
        self,
        config: OwnConfig,
        seed: int,
        split: Split | None,
        on_epoch: Callable[[EpochResult], bool],
        measure: MeasureName = "accuracy",
    ) -> Trained:
        """Train params under a seed; on_epoch hears each epoch and returns True to stop after it.

        Accuracy and measure are those of the network as `fit` leaves it: where a callback chose the
        epoch by validation loss, they are of the images that chose. Raises TrainingError where the
        user's function raises, the loss is no number, or the measure needs probabilities and the
        model gives none.
        """
        started = self._clock()
        keras.utils.clear_session()
        keras.utils.set_random_seed(seed)
        build = self._build = self._build or run_theirs("import", self._load)
        own = own_model(build, config.params, self._data.about)
        examples = split_data(self._data, split)
        scores = OwnScores(own, examples.validation, self._data.about.full_scale, measure)
        hears = _Hears(on_epoch, self._clock, scores)
        run_theirs(
            "fit", lambda: self._fit(own, config, examples.train, examples.validation, hears)
        )
        if not hears.epochs:
            raise TrainingError("fit trained no epoch")
        weights = tuple(np.asarray(one) for one in own.model.get_weights())
        if hears.is_stopped:
            return Trained(None, weights)
        kept = _kept_epoch(own, hears, examples.validation)
        held = examples.validation
        scored = scores.at_the_end()
        result = TrialResult(
            accuracy=scored.accuracy,
            loss=hears.epochs[kept - 1].validation_loss,
            n=0 if held is None else held.n,
            epochs=len(hears.epochs),
            kept_epoch=kept,
            parameter_count=own.model.count_params(),
            seconds=self._clock() - started,
            weights_hash=weights_hash(weights),
            peak_bytes=peak_bytes(),
            value=scored.value,
            value_sd=scored.value_sd,
        )
        return Trained(result, weights)

    def _fit(
        self,
        own: OwnModel,
        config: OwnConfig,
        train: Examples,
        held: Examples | None,
        hears: "_Hears",
    ) -> None:
        scale = self._data.about.full_scale
        given = dict(own.fit)
        callbacks = [*(given.pop("callbacks", None) or ()), hears]
        if config.epochs:
            given["epochs"] = config.epochs
        if held is not None:
            given["validation_data"] = (own.inputs(held.inputs, scale), own.labels(held.labels))
        own.model.fit(
            own.inputs(train.inputs, scale),
            own.labels(train.labels),
            callbacks=callbacks,
            verbose=0,
            **given,
        )


class _Hears(keras.callbacks.Callback):  # type: ignore[misc]
    """Note each epoch, and stop after one when asked to."""

    def __init__(
        self, on_epoch: Callable[[EpochResult], bool], clock: Callable[[], float], scores: OwnScores
    ) -> None:
        super().__init__()
        self._on_epoch, self._clock, self._scores = on_epoch, clock, scores
        self._began = clock()
        self.epochs: list[EpochResult] = []
        self.is_stopped = False

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Note when an epoch began."""
        del epoch, logs
        self._began = self._clock()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Report an epoch; raises TrainingError where the loss is no number."""
        del epoch
        found = {name: float(value) for name, value in (logs or {}).items()}
        number, loss = len(self.epochs) + 1, found.get("loss", math.nan)
        if not math.isfinite(loss):
            raise TrainingError(f"diverged in epoch {number}: the loss is no finite number")
        accuracy = next((found[name] for name in _ACCURACIES if name in found), None)
        value = self._scores.after_an_epoch()
        seconds = self._clock() - self._began
        result = EpochResult(number, loss, found.get("val_loss"), accuracy, seconds, value)
        self.epochs.append(result)
        if self._on_epoch(result):
            self.is_stopped = True
            self.model.stop_training = True


def _kept_epoch(own: OwnModel, hears: _Hears, held: Examples | None) -> int:
    """Return the epoch whose weights the model has: an earlier one where a callback restored it."""
    last = len(hears.epochs)
    if held is None:
        return last
    stops = [
        one
        for one in own.fit.get("callbacks", None) or ()
        if isinstance(one, keras.callbacks.EarlyStopping) and one.restore_best_weights
    ]
    restored = [one.best_epoch + 1 for one in stops if one.best_weights is not None]
    return min(last, restored[-1]) if restored else last
