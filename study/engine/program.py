"""A compiled program: variables of unknown shape and the epoch traced once for a structure."""

from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from study.engine.batches import scaled, training_batch
from study.engine.initial import Weights
from study.engine.network import Gradients, gradients_of, layers_of, logits_of
from study.engine.optimizers import SLOTS, descend, update_of
from study.engine.randomness import StepRandom
from study.engine.scalars import Scalars
from study.engine.schedule import StepRow
from study.engine.structure import Structure, weight_layout

EVALUATION_BATCH = 500
_CONSTRAINT_EPSILON = 1e-7  # Keras's backend.epsilon(), which its MaxNorm adds


class Feed(NamedTuple):
    """What an epoch is given, as tensors; no shape or number of it is part of the trace.

    `inputs` (n, features) and `labels` (n,) are the training examples, `order` (n,) their order,
    `shares` (n,) mixup's (read only with mixup), `table` (steps, columns) this epoch's StepRows,
    `first` the number of steps before the epoch, `key` (1,) the training's random key.
    `held_inputs` and `held_labels` are the validation examples, (0, features) where there are none.
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


class Program:
    """Hold one structure's variables and its traced epoch; serve any sizes, numbers and seeds."""

    def __init__(self, structure: Structure) -> None:
        self._structure = structure
        self._layout = weight_layout(structure.depth, structure.normalization)
        self._weights = [_variable(weight.rank) for weight in self._layout]
        trained = [weight for weight in self._layout if weight.trained]
        slots = SLOTS[structure.optimizer]
        self._slots = [[_variable(weight.rank) for _ in range(slots)] for weight in trained]
        self._averages = [_variable(weight.rank) for weight in trained if structure.ema]
        self.traces = 0
        self._epoch = tf.function(
            self._run_epoch, input_signature=_signature(structure.input_type), autograph=False
        )

    def start(self, weights: Weights) -> None:
        """Take over initial weights (Keras's order) and forget the training before."""
        for variable, value in zip(self._weights, weights, strict=True):
            variable.assign(value)
        trained = [w for w, place in zip(weights, self._layout, strict=True) if place.trained]
        for slots, value in zip(self._slots, trained, strict=True):
            for slot in slots:
                slot.assign(np.zeros_like(value))
        for average, value in zip(self._averages, trained, strict=self._structure.ema):
            average.assign(np.zeros_like(value))

    def epoch(self, feed: Feed) -> tuple[float, float, int]:
        """Train one epoch: mean training loss, summed validation loss, right validation answers."""
        train_loss, held_loss, right = self._epoch(*feed)
        return float(train_loss), float(held_loss), int(right)

    def kept(self) -> Weights:
        """Return copies of the weights as evaluated (averaged ones with EMA), in Keras's order."""
        return tuple(np.array(variable.numpy()) for variable in self._evaluated())

    def _evaluated(self) -> list[Any]:
        averages = iter(self._averages)
        return [
            next(averages) if self._structure.ema and place.trained else variable
            for variable, place in zip(self._weights, self._layout, strict=True)
        ]

    def _run_epoch(self, *arguments: Any) -> tuple[Any, Any, Any]:
        self.traces += 1
        feed = Feed(*arguments)
        scalars = Scalars(*tf.unstack(feed.scalars, num=len(Scalars._fields)))
        steps = tf.shape(feed.table)[0]

        def body(step: Any, total: Any) -> tuple[Any, Any]:
            loss, count = self._step(feed, scalars, step)
            return step + 1, total + tf.cast(loss, tf.float64) * tf.cast(count, tf.float64)

        start = (tf.constant(0), tf.constant(0.0, tf.float64))
        _, total = tf.while_loop(lambda step, _: step < steps, body, start, parallel_iterations=1)
        with tf.control_dependencies([total]):
            held_loss, right = self._evaluate(feed, scalars)
        return total / tf.cast(tf.shape(feed.order)[0], tf.float64), held_loss, right

    def _step(self, feed: Feed, scalars: Scalars, step: Any) -> tuple[Any, Any]:
        random = StepRandom(feed.key, feed.first + tf.cast(step, tf.int64))
        begin = step * feed.batch_size
        chosen = feed.order[begin : begin + feed.batch_size]
        weights = [variable.read_value() for variable in self._weights]
        x, targets = training_batch(
            self._structure,
            tf.gather(feed.inputs, chosen),
            tf.gather(feed.labels, chosen),
            feed.shares[begin : begin + feed.batch_size],
            tf.shape(weights[-1])[0],
            scalars,
            random,
        )
        layers = layers_of(self._structure, weights)
        found = gradients_of(self._structure, layers, x, targets, scalars, random)
        row = StepRow(*tf.unstack(feed.table[step], num=len(StepRow._fields)))
        # No update may begin while a gradient still reads the old weights: it would copy them.
        with tf.control_dependencies([*found.trained, *found.moving]):
            self._update(found, scalars, row)
        return found.loss, tf.shape(chosen)[0]

    def _update(self, found: Gradients, scalars: Scalars, row: StepRow) -> None:
        """Do Keras's order of things: clip, decay, step, average, constrain."""
        structure = self._structure
        gradients = (
            _clipped(found.trained, scalars.clip_norm) if structure.clip_norm else found.trained
        )
        places = [place for place in self._layout if place.trained]
        pairs = list(zip(self._weights, self._layout, strict=True))
        trained = [variable for variable, place in pairs if place.trained]
        for (variable, place), value in zip(
            ((v, p) for v, p in pairs if not p.trained), found.moving, strict=True
        ):
            del place
            variable.assign(value)
        update = update_of(structure.optimizer, nesterov=structure.nesterov)
        for index, (variable, place) in enumerate(zip(trained, places, strict=True)):
            if structure.weight_decay and place.kind == "kernel":
                descend(variable, scalars.weight_decay * row.rate, tf.identity(variable))
            update(variable, self._slots[index], gradients[index], scalars, row)
            if structure.ema:
                average = self._averages[index]
                descend(average, 1.0 - row.ema, average - variable)
            if structure.max_norm and place.kind == "kernel" and place.layer < structure.depth:
                variable.assign(_constrained(tf.identity(variable), scalars.max_norm))

    def _evaluate(self, feed: Feed, scalars: Scalars) -> tuple[Any, Any]:
        """Return the sum of cross-entropies and the number of right answers."""
        weights = [variable.read_value() for variable in self._evaluated()]
        layers = layers_of(self._structure, weights)
        n = tf.shape(feed.held_labels)[0]

        def body(begin: Any, loss: Any, right: Any) -> tuple[Any, Any, Any]:
            end = begin + EVALUATION_BATCH
            labels = feed.held_labels[begin:end]
            x = scaled(feed.held_inputs[begin:end], scalars)
            logits = logits_of(self._structure, layers, x)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
            answers = tf.argmax(tf.nn.softmax(logits), axis=1, output_type=tf.int32)
            hits = tf.reduce_sum(tf.cast(answers == labels, tf.int32))
            return end, loss + tf.reduce_sum(tf.cast(losses, tf.float64)), right + hits

        start = (tf.constant(0), tf.constant(0.0, tf.float64), tf.constant(0))
        _, loss, right = tf.while_loop(
            lambda begin, *_: begin < n, body, start, parallel_iterations=1
        )
        return loss, right


def _variable(rank: int) -> Any:
    return tf.Variable(np.zeros((0,) * rank, np.float32), shape=[None] * rank, trainable=False)


def _clipped(gradients: list[Any], limit: Any) -> list[Any]:
    norm = tf.sqrt(tf.add_n([tf.reduce_sum(tf.square(gradient)) for gradient in gradients]))
    factor = limit * tf.minimum(1.0 / norm, 1.0 / limit)
    return [gradient * factor for gradient in gradients]


def _constrained(kernel: Any, limit: Any) -> Any:
    norms = tf.sqrt(tf.reduce_sum(tf.square(kernel), axis=0, keepdims=True))
    return kernel * (tf.minimum(norms, limit) / (_CONSTRAINT_EPSILON + norms))


def _signature(input_type: str) -> list[Any]:
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
            scalars=spec("float32", len(Scalars._fields)),
            held_inputs=spec(input_type, None, None),
            held_labels=spec("int32", None),
        )
    )
