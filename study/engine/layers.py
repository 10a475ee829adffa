"""The parts of a dense network, each with its derivative; shapes are (images, units)."""

from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf

from study.engine.fixed import BATCH_MOMENTUM, NORMALIZATION_EPSILON
from study.engine.randomness import StepRandom


class Norm(NamedTuple):
    """A normalisation's weights (units,); the moving statistics are None for layer norm."""

    gamma: Any
    beta: Any
    moving_mean: Any = None
    moving_variance: Any = None


NormPullback = Callable[[Any], tuple[Any, Any, Any]]


def drop(x: Any, rate: Any, random: StepRandom) -> tuple[Any, Callable[[Any], Any]]:
    """Drop a share of x and scale up the rest; return it and what takes the gradient back.

    The rate is rounded to 1/65536, and what is kept is scaled by that rate exactly.
    """
    threshold = tf.round(rate * 65536.0)
    keep = random.at_least(threshold, tf.shape(x))
    mask = tf.cast(keep, tf.float32) * (65536.0 / (65536.0 - threshold))
    return x * mask, lambda gradient: gradient * mask


def batch_norm(z: Any, norm: Norm) -> tuple[Any, tuple[Any, Any], NormPullback]:
    """Normalise each unit over the batch; return also the new moving statistics.

    Source: Ioffe & Szegedy 2015, algorithm 1 and the derivatives of section 3.
    """
    mean = tf.reduce_mean(z, axis=0)
    centred = z - mean
    variance = tf.reduce_mean(tf.square(centred), axis=0)
    moving = (
        norm.moving_mean * BATCH_MOMENTUM + mean * (1 - BATCH_MOMENTUM),
        norm.moving_variance * BATCH_MOMENTUM + variance * (1 - BATCH_MOMENTUM),
    )
    inverse = tf.math.rsqrt(variance + NORMALIZATION_EPSILON)
    unit = centred * inverse

    def pullback(dy: Any) -> tuple[Any, Any, Any]:
        dbeta = tf.reduce_sum(dy, axis=0)
        dgamma = tf.reduce_sum(dy * unit, axis=0)
        count = tf.cast(tf.shape(z)[0], z.dtype)
        dz = (dy - dbeta / count - unit * (dgamma / count)) * (norm.gamma * inverse)
        return dz, dgamma, dbeta

    return unit * norm.gamma + norm.beta, moving, pullback


def batch_norm_inference(z: Any, norm: Norm) -> Any:
    """Normalise each unit by its moving statistics."""
    factor = tf.math.rsqrt(norm.moving_variance + NORMALIZATION_EPSILON) * norm.gamma
    return z * factor + (norm.beta - norm.moving_mean * factor)


def layer_norm(z: Any, norm: Norm) -> tuple[Any, NormPullback]:
    """Normalise each image over its units. Source: Ba et al. 2016."""
    centred = z - tf.reduce_mean(z, axis=1, keepdims=True)
    variance = tf.reduce_mean(tf.square(centred), axis=1, keepdims=True)
    inverse = tf.math.rsqrt(variance + NORMALIZATION_EPSILON)
    unit = centred * inverse

    def pullback(dy: Any) -> tuple[Any, Any, Any]:
        dunit = dy * norm.gamma
        along = tf.reduce_mean(dunit * unit, axis=1, keepdims=True)
        dz = (dunit - tf.reduce_mean(dunit, axis=1, keepdims=True) - unit * along) * inverse
        return dz, tf.reduce_sum(dy * unit, axis=0), tf.reduce_sum(dy, axis=0)

    return unit * norm.gamma + norm.beta, pullback
