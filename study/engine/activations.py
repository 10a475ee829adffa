"""Activations with their derivatives, in Keras's definitions."""

import math
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from search_spaces.parameters import Activation

Pullback = Callable[[Any], Any]


def activate(name: Activation, z: Any) -> tuple[Any, Pullback]:
    """Return h = f(z) and the function that takes dL/dh to dL/dz."""
    return _ACTIVATIONS[name](z)


def _relu(z: Any) -> tuple[Any, Pullback]:
    h = tf.nn.relu(z)
    return h, lambda dh: tf.raw_ops.ReluGrad(gradients=dh, features=h)


def _tanh(z: Any) -> tuple[Any, Pullback]:
    h = tf.tanh(z)
    return h, lambda dh: tf.raw_ops.TanhGrad(y=h, dy=dh)


def _elu(z: Any) -> tuple[Any, Pullback]:
    h = tf.nn.elu(z)
    return h, lambda dh: tf.raw_ops.EluGrad(gradients=dh, outputs=h)


def _selu(z: Any) -> tuple[Any, Pullback]:
    h = tf.nn.selu(z)
    return h, lambda dh: tf.raw_ops.SeluGrad(gradients=dh, outputs=h)


def _silu(z: Any) -> tuple[Any, Pullback]:
    sigmoid = tf.sigmoid(z)
    h = z * sigmoid
    # d(z s)/dz = s + z s (1 - s) = s + h (1 - s)
    return h, lambda dh: dh * (sigmoid + h * (1.0 - sigmoid))


def _gelu(z: Any) -> tuple[Any, Pullback]:
    below = 0.5 * (1.0 + tf.math.erf(z * (1 / math.sqrt(2))))  # the normal distribution's Phi(z)
    h = z * below
    density = 1 / math.sqrt(2 * math.pi)
    return h, lambda dh: dh * (below + z * (density * tf.exp(-0.5 * z * z)))


_ACTIVATIONS: dict[Activation, Callable[[Any], tuple[Any, Pullback]]] = {
    "relu": _relu,
    "gelu": _gelu,
    "silu": _silu,
    "tanh": _tanh,
    "elu": _elu,
    "selu": _selu,
}
