"""The dense network: a pass with gradients for training, a pass with logits for evaluation."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import tensorflow as tf

from study.engine.activations import activate
from study.engine.layers import Norm, batch_norm, batch_norm_inference, drop, layer_norm
from study.engine.randomness import StepRandom
from study.engine.scalars import Scalars
from study.engine.structure import Structure, Weight, weight_layout


class Layer(NamedTuple):
    """One dense layer's weights: kernel (in, out), bias (out,), and its normalisation's."""

    kernel: Any
    bias: Any
    norm: Norm | None


class Gradients(NamedTuple):
    """What one training pass gives.

    `loss` is the batch's mean; `trained` the gradients of the trained weights and `moving` the
    new moving statistics, both in Keras's order.
    """

    loss: Any
    trained: list[Any]
    moving: list[Any]


def layers_of(structure: Structure, weights: Sequence[Any]) -> list[Layer]:
    """Group tensors in Keras's order by layer, the output layer last."""
    layout = weight_layout(structure.depth, structure.normalization)
    by_place = dict(zip(layout, weights, strict=True))
    layers = []
    for number in range(structure.depth + 1):
        names = {w.kind: tensor for w, tensor in by_place.items() if w.layer == number}
        kernel, bias = names.pop("kernel"), names.pop("bias")
        layers.append(Layer(kernel, bias, Norm(**names) if names else None))
    return layers


def logits_of(structure: Structure, layers: list[Layer], x: Any) -> Any:
    """Return the logits (images, classes) as Keras's model computes them without training."""
    for layer in layers[:-1]:
        z = tf.nn.bias_add(tf.matmul(x, layer.kernel), layer.bias)
        if layer.norm is not None:
            batch = structure.normalization == "batch"
            z = batch_norm_inference(z, layer.norm) if batch else layer_norm(z, layer.norm)[0]
        x, _ = activate(structure.activation, z)
    return tf.nn.bias_add(tf.matmul(x, layers[-1].kernel), layers[-1].bias)


def gradients_of(
    structure: Structure,
    layers: list[Layer],
    x: Any,
    targets: Any,
    scalars: Scalars,
    random: StepRandom,
    counts: Any | None = None,
) -> Gradients:
    """Run a batch forward and backward; x is (images, features), targets (images, classes).

    Each hidden layer is dense, normalisation, activation, dropout; the loss is the mean softmax
    cross-entropy, each image's times its `counts` (images,) where there are any. The gradient by x
    itself is never made.
    """
    if structure.has("input_dropout"):
        x, _ = drop(x, scalars["input_dropout"], random)
    inputs, pullbacks = [x], []
    moving: list[Any] = []
    for layer in layers[:-1]:
        x, pullback, statistics = _hidden(structure, layer, x, scalars, random)
        inputs.append(x)
        pullbacks.append(pullback)
        moving.extend(statistics)
    logits = tf.nn.bias_add(tf.matmul(x, layers[-1].kernel), layers[-1].bias)
    losses, dlogits = tf.raw_ops.SoftmaxCrossEntropyWithLogits(features=logits, labels=targets)
    if counts is not None:
        losses, dlogits = losses * counts, dlogits * counts[:, tf.newaxis]
    dz = dlogits / tf.cast(tf.shape(logits)[0], logits.dtype)
    found: dict[Weight, Any] = {}
    for number in range(structure.depth, -1, -1):
        found[Weight("kernel", number)] = tf.matmul(inputs[number], dz, transpose_a=True)
        found[Weight("bias", number)] = tf.reduce_sum(dz, axis=0)
        if number > 0:
            dx = tf.matmul(dz, layers[number].kernel, transpose_b=True)
            dz, dgamma, dbeta = pullbacks[number - 1](dx)
            found[Weight("gamma", number - 1)] = dgamma
            found[Weight("beta", number - 1)] = dbeta
    layout = weight_layout(structure.depth, structure.normalization)
    return Gradients(tf.reduce_mean(losses), [found[w] for w in layout if w.trained], moving)


def _hidden(
    structure: Structure, layer: Layer, x: Any, scalars: Scalars, random: StepRandom
) -> tuple[Any, Any, tuple[Any, ...]]:
    """Return the layer's output, what takes dL/doutput to (dz, dgamma, dbeta), new statistics."""
    z = tf.nn.bias_add(tf.matmul(x, layer.kernel), layer.bias)
    statistics: tuple[Any, ...] = ()
    norm_pullback = None
    if layer.norm is not None and structure.normalization == "batch":
        z, statistics, norm_pullback = batch_norm(z, layer.norm)
    elif layer.norm is not None:
        z, norm_pullback = layer_norm(z, layer.norm)
    h, activation_pullback = activate(structure.activation, z)
    drop_pullback = None
    if structure.has("dropout"):
        h, drop_pullback = drop(h, scalars["dropout"], random)

    def pullback(dh: Any) -> tuple[Any, Any, Any]:
        if drop_pullback is not None:
            dh = drop_pullback(dh)
        dz = activation_pullback(dh)
        return (dz, None, None) if norm_pullback is None else norm_pullback(dz)

    return h, pullback, statistics
