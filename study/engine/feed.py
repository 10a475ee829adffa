"""Feed: everything an epoch is given as tensors, none of which is part of its trace."""

import math
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from search_spaces.measures import MeasureName
from study.config import TrainConfig
from study.data.fitting import Choices
from study.data.prepared import prepared_split
from study.data.row_values import training_weights
from study.data.split import held_weights
from study.data.values import Examples, Split, TrainingData
from study.engine.cross_fitting import folds_of
from study.engine.randomness import epoch_mixing, epoch_order, step_key
from study.engine.scalars import SCALARS, scalar_vector
from study.engine.schedule import StepRow, step_table


class Feed(NamedTuple):
    """What an epoch is given; its shapes are unknown to the trace.

    `inputs` (n, features) and `labels` (n,) are the training examples, `order` (n,) their order,
    `shares` (n,) mixup's (empty without), `table` (steps, columns) this epoch's StepRows, `first`
    the number of steps before the epoch, `key` (1,) the training's random key. `held_inputs`,
    `held_labels` and `held_folds` are the validation examples with the fold (0..) of each, none
    where there is no split. `row_weights` (n,) are what training examples count in the loss, and
    `held_weights` what validation examples count in a measure; each is empty where all count alike.
    `held_own` (n,) are weights of their own, with a mean of 1, empty where they have none.
    """

    inputs: Any
    labels: Any
    order: Any
    shares: Any
    table: Any
    first: Any
    key: Any
    batch_size: Any
    scalars: Any
    held_inputs: Any
    held_labels: Any
    held_folds: Any
    row_weights: Any
    held_weights: Any
    held_own: Any


def feed_signature(input_type: str) -> list[Any]:
    """Return the types of a Feed, sizes left open."""

    def spec(kind: str, *shape: int | None) -> Any:
        return tf.TensorSpec(shape, kind)

    return list(
        Feed(
            inputs=spec(input_type, None, None),
            labels=spec("int32", None),
            order=spec("int32", None),
            shares=spec("float32", None),
            table=spec("float32", None, len(StepRow._fields)),
            first=spec("int64"),
            key=spec("uint64", 1),
            batch_size=spec("int32"),
            scalars=spec("float32", len(SCALARS)),
            held_inputs=spec(input_type, None, None),
            held_labels=spec("int32", None),
            held_folds=spec("int32", None),
            row_weights=spec("float32", None),
            held_weights=spec("float64", None),
            held_own=spec("float64", None),
        )
    )


class Resident(NamedTuple):
    """A split's examples as tensors; `held_n` is 0 where there is no validation split.

    `held_weight` is what the validation examples count together: their number, of a fold nearly so.
    `own_weights` (n,) are weights of the training examples' own, None where they have none.
    `held_spread` is how many times the variance of a mean over validation is what it would be if
    all of them counted the same: the mean squared weight.
    """

    inputs: Any
    labels: Any
    held_inputs: Any
    held_labels: Any
    held_folds: Any
    held_weights: Any
    held_own: Any
    n: int
    held_n: int
    held_weight: float
    own_weights: NDArray[np.float64] | None = None
    held_spread: float = 1.0


def make_resident(
    data: TrainingData,
    split: Split | None,
    choices: Choices | None,
    measure: MeasureName = "accuracy",
) -> Resident:
    """Copy a split's examples, prepared if they are a table's, into tensors, in their own type."""
    seen = prepared_split(data, split, choices)
    none = Examples(seen.train.inputs[:0], seen.train.labels[:0])
    held = none if seen.validation is None else seen.validation
    counts = own = np.empty(0)
    if split is not None and measure != "accuracy":
        counts = held_weights(data, split, measure)
    if split is not None and held.weights is not None:
        own = held_weights(data, split, "weighted_accuracy")
    in_fold = split is not None and split.folds > 1 and len(counts)
    return Resident(
        inputs=tf.constant(seen.train.inputs),
        labels=tf.constant(seen.train.labels),
        held_inputs=tf.constant(held.inputs),
        held_labels=tf.constant(held.labels),
        held_folds=tf.constant(folds_of(held.labels)),
        held_weights=tf.constant(counts, tf.float64),
        held_own=tf.constant(own, tf.float64),
        n=seen.train.n,
        held_n=held.n,
        held_weight=float(counts.sum()) if in_fold else float(held.n),
        own_weights=seen.train.weights,
        held_spread=float(np.square(own).mean()) if len(own) else 1.0,
    )


class Feeds:
    """Make the feed of each epoch of one training."""

    def __init__(
        self, config: TrainConfig, seed: int, resident: Resident, full_scale: float
    ) -> None:
        self._config = config
        self._seed = seed
        self._resident = resident
        self._steps = math.ceil(resident.n / config.batch_size)
        self._table = step_table(config, self._steps * max(config.epochs, config.schedule_epochs))
        self._key = tf.constant(step_key(seed))
        self._batch_size = tf.constant(config.batch_size, tf.int32)
        self._scalars = tf.constant(scalar_vector(config, full_scale))
        self._row_weights = tf.constant(self._weights(), tf.float32)

    def feed(self, epoch: int) -> Feed:
        """Return the feed of an epoch (1-based)."""
        resident, first = self._resident, (epoch - 1) * self._steps
        return Feed(
            inputs=resident.inputs,
            labels=resident.labels,
            order=tf.constant(epoch_order(self._seed, epoch, resident.n)),
            shares=tf.constant(self._shares(epoch)),
            table=tf.constant(self._table[first : first + self._steps]),
            first=tf.constant(first, tf.int64),
            key=self._key,
            batch_size=self._batch_size,
            scalars=self._scalars,
            held_inputs=resident.held_inputs,
            held_labels=resident.held_labels,
            held_folds=resident.held_folds,
            row_weights=self._row_weights,
            held_weights=resident.held_weights,
            held_own=resident.held_own,
        )

    def _weights(self) -> NDArray[np.float64]:
        own, by_class = self._resident.own_weights, self._config.class_weights
        if own is None and by_class == "none":
            return np.empty(0)
        return training_weights(by_class, self._resident.labels.numpy(), own)

    def _shares(self, epoch: int) -> Any:
        if not self._config.mixup:
            return np.empty(0, np.float32)
        return epoch_mixing(self._seed, epoch, self._resident.n, self._config.mixup)
