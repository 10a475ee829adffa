"""Random distortions of images, inside the graph: affine maps and elastic fields."""

import math
from typing import Any

import numpy as np
import tensorflow as tf

from study.engine.randomness import StepRandom
from study.engine.scalars import Scalars
from study.engine.structure import Structure

_DEGREE = math.pi / 180
# Mean and standard deviation of a uniform byte.
_BYTE_MEAN = 127.5
_BYTE_DEVIATION = math.sqrt((256**2 - 1) / 12)


def distort(structure: Structure, x: Any, scalars: Scalars, random: StepRandom) -> Any:
    """Return each image of x (images, rows * columns * channels) under a distortion of its own.

    An output pixel takes its value from where the affine map and the elastic field send it,
    bilinear between pixels; outside the image all is 0.
    """
    rows, columns, _ = structure.image
    across = tf.constant(np.tile(np.arange(columns), rows) - (columns - 1) / 2, tf.float32)
    down = tf.constant(np.repeat(np.arange(rows), columns) - (rows - 1) / 2, tf.float32)
    images = tf.shape(x)[0]
    if structure.has("affine"):
        source_x, source_y = _affine(across, down, images, scalars, random)
    else:
        source_x, source_y = across[tf.newaxis], down[tf.newaxis]
    if structure.has("elastic"):
        field = elastic_field(rows, columns, images, scalars, random)
        source_x, source_y = source_x + field[0], source_y + field[1]
    return _sample(x, structure.image, source_x + (columns - 1) / 2, source_y + (rows - 1) / 2)


def _affine(
    across: Any, down: Any, images: Any, scalars: Scalars, random: StepRandom
) -> tuple[Any, Any]:
    """Return where each pixel (centred coordinates, pixels) comes from: (images, pixels) each.

    With angle t, shear s, size factors 1 + e, 1 + f and shift (h, v), each even between minus and
    plus its strength: source = R(t) [1 tan s; 0 1] diag(1/(1+e), 1/(1+f)) (x, y) - (h, v).
    """
    draws = tf.unstack(random.uniform(tf.stack([images, 6]))[:, :, tf.newaxis], axis=1)
    turn = draws[0] * scalars["rotation"] * _DEGREE
    slant = tf.tan(draws[1] * scalars["shear"] * _DEGREE)
    wide = 1.0 / (1.0 + draws[2] * scalars["scale"])
    high = 1.0 / (1.0 + draws[3] * scalars["scale"])
    cos, sin = tf.cos(turn), tf.sin(turn)
    source_x = (cos * wide) * across + ((cos * slant - sin) * high) * down
    source_y = (sin * wide) * across + ((sin * slant + cos) * high) * down
    return source_x - draws[4] * scalars["shift"], source_y - draws[5] * scalars["shift"]


def elastic_field(
    rows: int, columns: int, images: Any, scalars: Scalars, random: StepRandom
) -> Any:
    """Return displacements (2, images, rows * columns) in pixels: smoothed noise.

    White noise is smoothed by a Gaussian of elastic_sigma pixels and scaled so that each pixel's
    displacement along each axis has the standard deviation `elastic`. Source: Simard et al. 2003.
    """
    noise = tf.cast(random.bytes(tf.stack([2 * images * columns, rows])), tf.float32)
    noise = (noise - _BYTE_MEAN) * (scalars["elastic"] / _BYTE_DEVIATION)
    smooth = tf.matmul(noise, _blur(rows, scalars["elastic_sigma"]), transpose_b=True)
    turned = tf.transpose(tf.reshape(smooth, tf.stack([2 * images, columns, rows])), (0, 2, 1))
    flat = tf.reshape(turned, tf.stack([2 * images * rows, columns]))
    field = tf.matmul(flat, _blur(columns, scalars["elastic_sigma"]), transpose_b=True)
    return tf.reshape(field, tf.stack([2, images, rows * columns]))


def _blur(size: int, sigma: Any) -> Any:
    """Return the Gaussian's matrix (size, size), each row of length 1: noise keeps its variance."""
    apart = np.subtract.outer(np.arange(size), np.arange(size)).astype(np.float32)
    weights = tf.exp(tf.constant(-0.5 * apart**2) / tf.square(sigma))
    return weights * tf.math.rsqrt(tf.reduce_sum(tf.square(weights), axis=1, keepdims=True))


def _sample(x: Any, image: tuple[int, ...], source_x: Any, source_y: Any) -> Any:
    """Return the bilinear values of x at the source coordinates (images or 1, pixels)."""
    rows, columns, channels = image
    images = tf.shape(x)[0]
    grid = tf.reshape(x, tf.stack([images, rows, columns, channels]))
    padded = tf.pad(grid, ((0, 0), (1, 1), (1, 1), (0, 0)))
    stride = columns + 2
    flat = tf.reshape(padded, (-1, channels))
    # One pixel of border is 0; everything farther out is clipped onto it.
    x1 = tf.clip_by_value(source_x + 1.0, 0.0, columns + 0.9999)
    y1 = tf.clip_by_value(source_y + 1.0, 0.0, rows + 0.9999)
    left, top = tf.floor(x1), tf.floor(y1)
    right_share, low_share = (x1 - left)[..., tf.newaxis], (y1 - top)[..., tf.newaxis]
    base = tf.range(images)[:, tf.newaxis] * ((rows + 2) * stride)
    corner = base + tf.cast(top * stride + left, tf.int32)
    upper = _between(tf.gather(flat, corner), tf.gather(flat, corner + 1), right_share)
    corner += stride
    lower = _between(tf.gather(flat, corner), tf.gather(flat, corner + 1), right_share)
    return tf.reshape(_between(upper, lower, low_share), tf.shape(x))


def _between(a: Any, b: Any, share: Any) -> Any:
    return a + share * (b - a)
