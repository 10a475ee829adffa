"""A compiled program: variables of unknown shape and the epoch traced once for a structure."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from study.engine.batches import mixed_weights, scaled, training_batch
from study.engine.feed import Feed, feed_signature
from study.engine.fixed import EVALUATION_BATCH, FOLDS
from study.engine.measured import measured
from study.engine.network import gradients_of, layers_of, logits_of
from study.engine.optimizers import RULES
from study.engine.padding import padded, unpadded
from study.engine.randomness import StepRandom
from study.engine.scalars import SCALARS, Scalars, named_scalars
from study.engine.schedule import StepRow
from study.engine.structure import Structure, Weight, weight_layout
from study.engine.updating import Slot, update_weights
from study.engine.weights import Weights


class EpochSums(NamedTuple):
    """An epoch: mean training loss, and over validation summed loss and right answers.

    `fold_losses` and `fold_right` (folds,) are the same two sums by fold; `fold_values` and
    `fold_squares` those of the measure's values and of their squares, zeros where it is accuracy.
    """

    train_loss: float
    loss: float
    right: int
    fold_losses: NDArray[np.float64]
    fold_right: NDArray[np.float64]
    fold_values: NDArray[np.float64]
    fold_squares: NDArray[np.float64]

    @property
    def value(self) -> float:
        """Return the measure's values summed over validation."""
        return float(self.fold_values.sum())

    @property
    def squares(self) -> float:
        """Return the squares of the measure's values summed over validation."""
        return float(self.fold_squares.sum())


class Program:
    """Hold one structure's variables and its traced epoch; serve any sizes, numbers and seeds."""

    def __init__(self, structure: Structure) -> None:
        self._structure = structure
        self._layout = weight_layout(structure.depth, structure.normalization)
        self._weights = [_variable(place) for place in self._layout]
        pairs = list(zip(self._layout, self._weights, strict=True))
        self._slots = [_slot(structure, place, v) for place, v in pairs if place.trained]
        self._moving = [variable for place, variable in pairs if not place.trained]
        self._shapes: tuple[tuple[int, ...], ...] = ()
        self.traces = 0
        # Called as they are, traced functions check their arguments in a fraction of the time.
        self._start = _traced(self._begin, [_spec(place) for place in self._layout])
        self._epoch = _traced(self._run_epoch, feed_signature(structure.input_type))

    def start(self, weights: Weights) -> None:
        """Take over initial weights (Keras's order) and forget the training before."""
        self._shapes = tuple(weight.shape for weight in weights)
        self._start(*(tf.constant(weight) for weight in padded(self._structure, weights)))

    def epoch(self, feed: Feed) -> EpochSums:
        """Train one epoch and return its mean training loss and its sums over validation."""
        train_loss, loss, right, *folds = self._epoch(*feed).numpy().tolist()
        by_fold = np.zeros((4, FOLDS))
        by_fold[: len(folds) // FOLDS] = np.reshape(folds, (-1, FOLDS))
        return EpochSums(train_loss, loss, int(right), *by_fold)

    def kept(self) -> Weights:
        """Return copies of the weights as evaluated (averaged ones with EMA), in Keras's order."""
        return unpadded(tuple(v.numpy() for v in self._evaluated()), self._shapes)

    def _evaluated(self) -> list[Any]:
        averages = {slot.place: slot.average for slot in self._slots if slot.average is not None}
        return [
            averages.get(place, variable)
            for place, variable in zip(self._layout, self._weights, strict=True)
        ]

    def _begin(self, *weights: Any) -> None:
        for variable, value in zip(self._weights, weights, strict=True):
            variable.assign(value)
        for slot in self._slots:
            zeros = tf.zeros_like(slot.variable.read_value())
            for variable in (*slot.state, *_averages(slot)):
                variable.assign(zeros)

    def _run_epoch(self, *arguments: Any) -> Any:
        """Return the numbers of `epoch` one after another as float64 (3 + 2 or 4 folds,)."""
        self.traces += 1
        feed = Feed(*arguments)
        scalars = named_scalars(tf.unstack(feed.scalars, num=len(SCALARS)))
        steps = tf.shape(feed.table)[0]

        def body(step: Any, total: Any) -> tuple[Any, Any]:
            loss, count = self._step(feed, scalars, step)
            return step + 1, total + tf.cast(loss, tf.float64) * tf.cast(count, tf.float64)

        start = (tf.constant(0), tf.constant(0.0, tf.float64))
        _, total = tf.while_loop(lambda step, _: step < steps, body, start, parallel_iterations=1)
        with tf.control_dependencies([total]):
            loss, right, by_fold = self._evaluate(feed, scalars)
        mean = total / tf.cast(tf.shape(feed.order)[0], tf.float64)
        sums = tf.stack([mean, loss, tf.cast(right, tf.float64)])
        return tf.concat([sums, tf.reshape(by_fold, [-1])], axis=0)

    def _step(self, feed: Feed, scalars: Scalars, step: Any) -> tuple[Any, Any]:
        """Train on one batch, the last one as small as it comes; return its mean loss and size."""
        random = StepRandom(feed.key, feed.first + tf.cast(step, tf.int64))
        begin = step * feed.batch_size
        chosen = feed.order[begin : begin + feed.batch_size]
        shares = feed.shares[begin : begin + feed.batch_size]
        weights = [variable.read_value() for variable in self._weights]
        x, targets = training_batch(
            self._structure,
            tf.gather(feed.inputs, chosen),
            tf.gather(feed.labels, chosen),
            shares,
            tf.shape(weights[-1])[0],
            scalars,
            random,
        )
        counts = None
        if self._structure.weighted:
            counts = mixed_weights(self._structure, tf.gather(feed.row_weights, chosen), shares)
        layers = layers_of(self._structure, weights)
        found = gradients_of(self._structure, layers, x, targets, scalars, random, counts)
        row = StepRow(*tf.unstack(feed.table[step], num=len(StepRow._fields)))
        # No update may begin while a gradient still reads the old weights: it would copy them.
        with tf.control_dependencies([*found.trained, *found.moving]):
            update_weights(self._structure, self._slots, self._moving, found, scalars, row)
        return found.loss, tf.shape(chosen)[0]

    def _evaluate(self, feed: Feed, scalars: Scalars) -> tuple[Any, Any, Any]:
        """Return summed cross-entropy, right answers, and both by fold as float64 (2, folds).

        Where another measure is asked for, its values and their squares come after (4, folds). Of
        rows with weights of their own, losses and values are times these, and squares once only.
        """
        weights = [variable.read_value() for variable in self._evaluated()]
        layers = layers_of(self._structure, weights)
        n = tf.shape(feed.held_labels)[0]
        measure = self._structure.measure

        def body(begin: Any, loss: Any, right: Any, by_fold: Any) -> tuple[Any, ...]:
            end = begin + EVALUATION_BATCH
            labels = feed.held_labels[begin:end]
            x = scaled(feed.held_inputs[begin:end], scalars)
            logits = logits_of(self._structure, layers, x)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
            probabilities = tf.nn.softmax(logits)
            hits = tf.argmax(probabilities, axis=1, output_type=tf.int32) == labels
            own = feed.held_own[begin:end] if self._structure.own_weights else None
            counted = tf.cast(losses, tf.float64)
            if own is not None:
                counted *= own
            columns = [counted, tf.cast(hits, tf.float64)]
            if measure is not None:
                counts = feed.held_weights[begin:end]
                values = measured(measure, losses, hits, probabilities, labels, counts)
                squares = tf.square(values)
                columns += [values, squares if own is None else tf.math.divide_no_nan(squares, own)]
            rows = tf.stack(columns, axis=1)
            folds = tf.math.unsorted_segment_sum(rows, feed.held_folds[begin:end], FOLDS)
            return (
                end,
                loss + tf.reduce_sum(counted),
                right + tf.reduce_sum(tf.cast(hits, tf.int32)),
                by_fold + tf.transpose(folds),
            )

        start = (
            tf.constant(0),
            tf.constant(0.0, tf.float64),
            tf.constant(0),
            tf.zeros((2 if measure is None else 4, FOLDS), tf.float64),
        )
        _, *found = tf.while_loop(lambda begin, *_: begin < n, body, start, parallel_iterations=1)
        loss, right, by_fold = found
        return loss, right, by_fold


def _slot(structure: Structure, place: Weight, variable: Any) -> Slot:
    state = [_variable(place) for _ in range(RULES[structure.optimizer].variables)]
    return Slot(place, variable, state, _variable(place) if structure.has("ema") else None)


def _averages(slot: Slot) -> tuple[Any, ...]:
    return () if slot.average is None else (slot.average,)


def _traced(function: Callable[..., Any], signature: list[Any]) -> Any:
    traced = tf.function(function, input_signature=signature, autograph=False)
    return traced.get_concrete_function()


def _spec(place: Weight) -> Any:
    return tf.TensorSpec([None] * place.rank, tf.float32)


def _variable(place: Weight) -> Any:
    empty = np.zeros((0,) * place.rank, np.float32)
    return tf.Variable(empty, shape=[None] * place.rank, trainable=False)
