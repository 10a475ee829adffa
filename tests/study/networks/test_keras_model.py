"""The Keras model of a config: its layers, its summary, its answers."""

import keras
import numpy as np
import pytest

from study.config import config_from_params
from study.data.values import About, Examples
from study.engine.initial import initial_weights
from study.networks.keras_model import build_model, model_inputs, model_summary, predictions

ABOUT = About("few", (2, 2), ("a", "b", "c"), 255.0, "0" * 64, 0)
EXAMPLES = Examples(
    np.array([[0, 51, 102, 255], [255, 0, 0, 0]], np.uint8), np.array([0, 2], np.int32)
)


def names(**params) -> list[str]:
    return [layer.name for layer in build_model(config_from_params(params), 4, 3).layers]


def test_layers_stand_in_their_order_and_only_where_they_do_something():
    assert names(depth=1, dropout=0.0) == ["dense_1", "relu_1", "classes"]
    assert names(depth=2, input_dropout=0.1, normalization="batch", activation="silu") == [
        "input_dropout",
        *("dense_1", "norm_1", "silu_1", "dropout_1"),
        *("dense_2", "norm_2", "silu_2", "dropout_2"),
        "classes",
    ]


@pytest.mark.parametrize(
    ("normalization", "kind"),
    [("batch", keras.layers.BatchNormalization), ("layer", keras.layers.LayerNormalization)],
)
def test_the_normalisation_is_keras_own(normalization, kind):
    model = build_model(config_from_params({"normalization": normalization}), 4, 3)
    assert isinstance(model.get_layer("norm_1"), kind)


def test_widths_taper():
    model = build_model(config_from_params({"depth": 3, "width": 10, "taper": 0.5}), 4, 3)
    assert [model.get_layer(f"dense_{n}").units for n in (1, 2, 3)] == [10, 5, 2]


SUMMARY = """\
Model: "dense_network"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)                      ┃ Output Shape             ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ dense_1 (Dense)                   │ (None, 5)                │            25 │
├───────────────────────────────────┼──────────────────────────┼───────────────┤
│ relu_1 (Activation)               │ (None, 5)                │             0 │
├───────────────────────────────────┼──────────────────────────┼───────────────┤
│ dropout_1 (Dropout)               │ (None, 5)                │             0 │
├───────────────────────────────────┼──────────────────────────┼───────────────┤
│ classes (Dense)                   │ (None, 3)                │            18 │
└───────────────────────────────────┴──────────────────────────┴───────────────┘
 Total params: 43 (172.00 B)
 Trainable params: 43 (172.00 B)
 Non-trainable params: 0 (0.00 B)
"""


def test_the_summary_is_keras_own_and_says_the_same_each_time():
    config = config_from_params({"depth": 1, "width": 5})
    assert model_summary(config, 4, 3) == SUMMARY == model_summary(config, 4, 3)


def test_inputs_are_divided_by_their_full_scale():
    found = model_inputs(EXAMPLES, ABOUT)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [[0.0, 0.2, 0.4, 1.0], [1.0, 0, 0, 0]], rtol=1e-6)


@pytest.mark.slow
def test_predictions_are_the_softmax_of_the_network():
    config = config_from_params({"depth": 1, "width": 6})
    weights = initial_weights(config, 4, 3, seed=2)
    found = predictions(config, weights, EXAMPLES, ABOUT)
    kernel, bias, out, out_bias = weights
    hidden = np.maximum(model_inputs(EXAMPLES, ABOUT) @ kernel + bias, 0)
    raised = np.exp(hidden @ out + out_bias)
    np.testing.assert_allclose(found, raised / raised.sum(axis=1, keepdims=True), rtol=1e-5)
    assert found.shape == (2, 3)


@pytest.mark.slow
def test_evaluate_gives_the_plain_cross_entropy_and_the_accuracy():
    config = config_from_params({"depth": 1, "width": 6, "label_smoothing": 0.3})
    model = build_model(config, 4, 3)
    inputs = model_inputs(EXAMPLES, ABOUT)
    loss, accuracy = model.evaluate(inputs, EXAMPLES.labels, verbose=0)
    chances = model.predict(inputs, verbose=0)
    expected = -np.log(chances[[0, 1], EXAMPLES.labels]).mean()
    assert loss == pytest.approx(expected, rel=1e-5)
    assert accuracy == np.mean(chances.argmax(axis=1) == EXAMPLES.labels)
