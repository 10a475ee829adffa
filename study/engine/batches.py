"""Batches: rows of the resident data as numbers 0-1, and their target distributions."""

from typing import Any

import tensorflow as tf

from study.engine.augment import distort
from study.engine.randomness import StepRandom
from study.engine.scalars import Scalars
from study.engine.structure import Structure


def scaled(rows: Any, scalars: Scalars) -> Any:
    """Return inputs as float32, divided by their full scale."""
    return tf.cast(rows, tf.float32) / scalars["full_scale"]


def training_batch(
    structure: Structure,
    rows: Any,
    labels: Any,
    shares: Any,
    classes: Any,
    scalars: Scalars,
    random: StepRandom,
) -> tuple[Any, Any]:
    """Return inputs (images, features) and targets (images, classes) of a training batch.

    Images are distorted, then mixed: an image keeps `shares` of itself (images,) and takes the
    rest from the one before it in the batch, labels alike. Smoothing then gives each class
    label_smoothing / classes of the label. Source of mixup: Zhang et al. 2018.
    """
    x = scaled(rows, scalars)
    if structure.distorts:
        x = distort(structure, x, scalars, random)
    targets = tf.one_hot(labels, classes, dtype=tf.float32)
    if structure.has("mixup"):
        own = shares[:, tf.newaxis]
        x, targets = _mixed(x, own), _mixed(targets, own)
    smoothing = scalars["label_smoothing"]
    return x, targets * (1.0 - smoothing) + smoothing / tf.cast(classes, tf.float32)


def mixed_weights(structure: Structure, weights: Any, shares: Any) -> Any:
    """Return what each row of a batch counts in its loss (rows,), mixed as the rows are."""
    return _mixed(weights, shares) if structure.has("mixup") else weights


def _mixed(rows: Any, own: Any) -> Any:
    return own * rows + (1.0 - own) * tf.roll(rows, shift=1, axis=0)
