"""Batches: scaling, mixup and label smoothing."""

import numpy as np
import tensorflow as tf

from study.config import config_from_params
from study.engine.batches import mixed_weights, training_batch
from study.engine.randomness import StepRandom, step_key
from study.engine.scalars import named_scalars, scalar_vector
from study.engine.structure import structure_of


def batch(data, shares=(), **params):
    config = config_from_params(params)
    rows = tf.constant([[0, 51], [255, 102], [204, 0]], tf.uint8)
    x, targets = training_batch(
        structure_of(config, data.about, "uint8"),
        rows,
        tf.constant([0, 1, 2]),
        tf.constant(shares, tf.float32),
        tf.constant(4),
        named_scalars(scalar_vector(config, 255.0)),
        StepRandom(tf.constant(step_key(1)), tf.constant(0, tf.int64)),
    )
    return x.numpy(), targets.numpy()


def test_a_plain_batch_is_scaled_and_has_one_class_an_image(data):
    x, targets = batch(data)
    np.testing.assert_allclose(x, [[0.0, 0.2], [1.0, 0.4], [0.8, 0.0]], rtol=1e-6)
    np.testing.assert_array_equal(targets, np.eye(4)[:3])


def test_mixup_takes_the_rest_from_the_image_before(data):
    x, targets = batch(data, shares=(0.75, 1.0, 0.5), mixup=0.2)
    np.testing.assert_allclose(x, [[0.2, 0.15], [1.0, 0.4], [0.9, 0.2]], rtol=1e-5)
    np.testing.assert_allclose(
        targets, [[0.75, 0, 0.25, 0], [0, 1, 0, 0], [0, 0.5, 0.5, 0]], rtol=1e-6
    )


def test_smoothing_spreads_its_share_over_all_classes(data):
    _, targets = batch(data, label_smoothing=0.2)
    np.testing.assert_allclose(targets, np.eye(4)[:3] * 0.8 + 0.05, rtol=1e-6)


def test_mixup_mixes_what_images_count_as_it_mixes_the_images(data):
    about, weights = data.about, tf.constant([1.0, 2.0, 4.0])
    shares = tf.constant([0.75, 1.0, 0.5])
    mixed = structure_of(config_from_params({"mixup": 0.2}), about, "uint8")
    np.testing.assert_allclose(mixed_weights(mixed, weights, shares), [1.75, 2.0, 3.0])
    plain = structure_of(config_from_params({}), about, "uint8")
    assert mixed_weights(plain, weights, tf.constant([], tf.float32)) is weights
