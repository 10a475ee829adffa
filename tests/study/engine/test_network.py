"""Gradients of every part agree with finite differences in double precision."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from study.config import config_from_params
from study.engine.network import gradients_of, layers_of, logits_of
from study.engine.randomness import StepRandom, step_key
from study.engine.scalars import named_scalars, scalar_vector
from study.engine.structure import structure_of, weight_layout

SIZES = (5, 7, 6, 3)


def parts(data, params):
    config = config_from_params({"depth": 2, "dropout": 0.0} | params)
    structure = structure_of(config, data.about, "uint8")
    scalars = named_scalars(scalar_vector(config, 1.0))
    rng = np.random.default_rng(2)
    weights = []
    for place in weight_layout(config.depth, config.normalization):
        shape = (SIZES[place.layer], SIZES[place.layer + 1])[2 - place.rank :]
        spread = rng.normal(0.0, 0.6, shape)
        weights.append(tf.constant(1.0 + 0.2 * spread if place.kind == "gamma" else spread))
    x = tf.constant(rng.normal(size=(11, 5)))
    targets = tf.constant(rng.dirichlet(np.ones(3), 11))
    return structure, weights, x, targets, scalars


def result_of(structure, weights, x, targets, scalars):
    random = StepRandom(tf.constant(step_key(1)), tf.constant(0, tf.int64))
    layers = layers_of(structure, weights)
    return gradients_of(structure, layers, x, targets, scalars, random)


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
@pytest.mark.parametrize("activation", ["relu", "gelu", "silu", "tanh", "elu", "selu"])
def test_gradients_are_those_of_finite_differences(data, activation, normalization):
    params = {"activation": activation, "normalization": normalization}
    structure, weights, x, targets, scalars = parts(data, params)
    found = result_of(structure, weights, x, targets, scalars).trained
    places = weight_layout(2, normalization)
    trained = [index for index, place in enumerate(places) if place.trained]
    assert len(trained) == len(found)
    rng = np.random.default_rng(3)
    for index, gradient in zip(trained, found, strict=True):
        direction = rng.normal(size=weights[index].shape)
        losses = []
        for step in (1e-6, -1e-6):
            moved = list(weights)
            moved[index] = weights[index] + step * direction
            losses.append(float(result_of(structure, moved, x, targets, scalars).loss))
        expected = (losses[0] - losses[1]) / 2e-6
        assert float(tf.reduce_sum(gradient * direction)) == pytest.approx(
            expected, rel=1e-5, abs=1e-8
        ), places[index]


def test_without_dropout_training_and_evaluation_see_the_same_logits(data):
    structure, weights, x, targets, scalars = parts(data, {"normalization": "layer"})
    loss = result_of(structure, weights, x, targets, scalars).loss
    logits = logits_of(structure, layers_of(structure, weights), x)
    expected = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(targets, logits))
    assert float(loss) == pytest.approx(float(expected), rel=1e-12)


@pytest.mark.parametrize("part", ["dropout", "input_dropout"])
def test_a_dropped_unit_gets_no_gradient(data, part):
    """With a batch of one image, the kernel's rows of dropped inputs must stay as they are."""
    structure, weights, x, targets, scalars = parts(data, {part: 0.5})
    weights = [tf.cast(weight, tf.float32) for weight in weights]
    x, targets = tf.cast(x[:1], tf.float32), tf.cast(targets[:1], tf.float32)
    found = result_of(structure, weights, x, targets, scalars).trained
    kernel = found[0 if part == "input_dropout" else 2].numpy()
    idle = ~kernel.any(axis=1)
    assert 0 < idle.sum() < len(idle)
    kept = dataclasses.replace(structure, parts=frozenset())
    whole = result_of(kept, weights, x, targets, scalars).trained
    assert whole[0].numpy().any(axis=1).all()
