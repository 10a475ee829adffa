"""What follows a batch's gradients, in Keras's order: clip, decay, step, average, constrain."""

from typing import Any, NamedTuple

import tensorflow as tf

from study.engine.network import Gradients
from study.engine.optimizers import descend, update_of
from study.engine.scalars import Scalars
from study.engine.schedule import StepRow
from study.engine.structure import Structure, Weight

_CONSTRAINT_EPSILON = 1e-7  # Keras's backend.epsilon(), which its MaxNorm adds


class Slot(NamedTuple):
    """A trained weight's place and variables: itself, its optimizer's, its average with EMA."""

    place: Weight
    variable: Any
    state: list[Any]
    average: Any | None


def update_weights(
    structure: Structure,
    slots: list[Slot],
    moving: list[Any],
    found: Gradients,
    scalars: Scalars,
    row: StepRow,
) -> None:
    """Change every variable by one step; slots and moving variables are in Keras's order.

    The norm that is clipped is that of all gradients together. Decay takes rate * weight_decay of
    each kernel (never of a bias or a normalisation) before the step. The average is taken before
    max-norm shortens the columns of the hidden kernels.
    """
    for variable, value in zip(moving, found.moving, strict=True):
        variable.assign(value)
    gradients = found.trained
    if structure.has("clip_norm"):
        gradients = clipped(gradients, scalars["clip_norm"])
    update = update_of(structure)
    for slot, gradient in zip(slots, gradients, strict=True):
        is_kernel = slot.place.kind == "kernel"
        if structure.has("weight_decay") and is_kernel:
            descend(slot.variable, scalars["weight_decay"] * row.rate, tf.identity(slot.variable))
        update(slot.variable, slot.state, gradient, scalars, row)
        if slot.average is not None:
            descend(slot.average, 1.0 - row.ema, slot.average - slot.variable)
        if structure.has("max_norm") and is_kernel and slot.place.layer < structure.depth:
            slot.variable.assign(constrained(tf.identity(slot.variable), scalars["max_norm"]))


def clipped(gradients: list[Any], limit: Any) -> list[Any]:
    """Scale gradients down so that their global norm is at most limit, as Keras does."""
    norm = tf.sqrt(tf.add_n([tf.reduce_sum(tf.square(gradient)) for gradient in gradients]))
    factor = limit * tf.minimum(1.0 / norm, 1.0 / limit)
    return [gradient * factor for gradient in gradients]


def constrained(kernel: Any, limit: Any) -> Any:
    """Shorten each column (the weights into one unit) to at most limit, as Keras's MaxNorm."""
    norms = tf.sqrt(tf.reduce_sum(tf.square(kernel), axis=0, keepdims=True))
    return kernel * (tf.minimum(norms, limit) / (_CONSTRAINT_EPSILON + norms))
