"""Stateless random numbers: each a pure function of (seed, purpose, epoch or step)."""

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

# The purposes; their numbers are part of what makes a trial repeatable.
_ORDER, _MIXING, _WEIGHTS, _STEPS = range(4)
_PHILOX = 1


def epoch_order(seed: int, epoch: int, n: int) -> NDArray[np.int32]:
    """Return the order (n,) in which an epoch (1-based) visits the training examples."""
    generator = np.random.default_rng([seed, _ORDER, epoch])
    return generator.permutation(n).astype(np.int32)


def epoch_mixing(seed: int, epoch: int, n: int, alpha: float) -> NDArray[np.float32]:
    """Return mixup's share (n,) of each example itself, from Beta(alpha, alpha)."""
    generator = np.random.default_rng([seed, _MIXING, epoch])
    return generator.beta(alpha, alpha, n).astype(np.float32)


def layer_seed(seed: int, layer: int) -> int:
    """Return the seed (31 bits) of a layer's initial kernel."""
    state = np.random.SeedSequence([seed, _WEIGHTS, layer]).generate_state(1)
    return int(state[0] >> 1)


def step_key(seed: int) -> NDArray[np.uint64]:
    """Return the key (1,) of all random numbers drawn inside a training's steps."""
    state = np.random.SeedSequence([seed, _STEPS]).generate_state(1, np.uint64)
    return np.asarray(state, dtype=np.uint64)


class StepRandom:
    """Draw the random numbers of one step: each call is a stream of its own.

    `key` is (1,) uint64, `step` a scalar int64 tensor: the number of steps before this one.
    Source: Salmon et al. 2011, Philox-4x32; the counter's high word is the step, its low word
    starts at stream * 2^40.
    """

    def __init__(self, key: Any, step: Any) -> None:
        self._key = key
        self._step = tf.cast(step, tf.uint64)
        self._streams = 0

    def words(self, count: Any) -> Any:
        """Return uniform uint32 of shape (count,)."""
        low = tf.constant(self._streams << 40, tf.uint64)
        self._streams += 1
        return tf.raw_ops.StatelessRandomUniformFullIntV2(
            shape=tf.reshape(count, [1]),
            key=self._key,
            counter=tf.stack([low, self._step]),
            alg=tf.constant(_PHILOX, tf.int32),
            dtype=tf.uint32,
        )

    def at_least(self, threshold: Any, shape: Any) -> Any:
        """Tell of uniform 16-bit numbers of a shape (rows, columns) which reach a threshold.

        The threshold is a float32 scalar of 0 to 65280. To draw half as much, the numbers of a
        column share their low byte, which counts only where the high byte is the threshold's.
        """
        count = tf.reduce_prod(shape)
        both = self.bytes((count + shape[-1])[tf.newaxis])
        low = tf.cast(both[count:], tf.float32)
        # The least high byte with which a column's number is not below the threshold.
        least = tf.cast((threshold + 255.0 - low) * (1.0 / 256.0), tf.uint8)
        return tf.reshape(both[:count], shape) >= least

    def bytes(self, shape: Any) -> Any:
        """Return uniform uint8 of a shape given as an int32 vector."""
        count = tf.reduce_prod(shape)
        fours = tf.bitcast(self.words((count + 3) // 4), tf.uint8)
        return tf.reshape(tf.reshape(fours, [-1])[:count], shape)

    def uniform(self, shape: Any) -> Any:
        """Return float32 of a shape, evenly spread over -1..1 in steps of 2^-23."""
        words = tf.reshape(self.words(tf.reduce_prod(shape)), shape)
        whole = tf.cast(tf.bitwise.right_shift(words, tf.constant(8, tf.uint32)), tf.float32)
        return (whole + 0.5) * 2.0**-23 - 1.0
