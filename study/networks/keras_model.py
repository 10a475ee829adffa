"""The config as a real Keras model: built, described, and asked for predictions."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from study.config import TrainConfig
from study.data.values import About, Examples
from study.engine.fixed import BATCH_MOMENTUM, EVALUATION_BATCH, NORMALIZATION_EPSILON
from study.engine.initial import kernel_initializer
from study.engine.weights import Weights

Model = Any  # keras ships no types


def build_model(config: TrainConfig, features: int, classes: int, seed: int = 0) -> Model:
    """Return the compiled Keras model, with the initial weights that the engine has for the seed.

    Inputs are divided by their full scale, labels are class numbers; `evaluate` gives the plain
    cross-entropy (nats, without label smoothing) and the accuracy.
    """
    layers = [keras.layers.Input((features,), name="inputs")]
    if config.input_dropout > 0:
        layers.append(keras.layers.Dropout(config.input_dropout, name="input_dropout"))
    for number, width in enumerate(config.widths, start=1):
        initializer = kernel_initializer(config, number - 1, seed)
        layers.append(
            keras.layers.Dense(width, kernel_initializer=initializer, name=f"dense_{number}")
        )
        layers.extend(_between_dense(config, number))
    initializer = kernel_initializer(config, config.depth, seed)
    layers.append(
        keras.layers.Dense(
            classes, activation="softmax", kernel_initializer=initializer, name="classes"
        )
    )
    return compiled(keras.Sequential(layers, name="dense_network"))


def compiled(model: Model) -> Model:
    """Return the model with the loss and the metric that `evaluate` gives."""
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _between_dense(config: TrainConfig, number: int) -> list[Any]:
    layers: list[Any] = []
    if config.normalization == "batch":
        layers.append(
            keras.layers.BatchNormalization(
                momentum=BATCH_MOMENTUM, epsilon=NORMALIZATION_EPSILON, name=f"norm_{number}"
            )
        )
    elif config.normalization == "layer":
        layers.append(
            keras.layers.LayerNormalization(epsilon=NORMALIZATION_EPSILON, name=f"norm_{number}")
        )
    layers.append(keras.layers.Activation(config.activation, name=f"{config.activation}_{number}"))
    if config.dropout > 0:
        layers.append(keras.layers.Dropout(config.dropout, name=f"dropout_{number}"))
    return layers


def model_summary(config: TrainConfig, features: int, classes: int) -> str:
    """Return Keras's own summary of the config's model as plain text, 80 columns wide."""
    lines: list[str] = []
    build_model(config, features, classes).summary(
        line_length=80, print_fn=lambda line, **_: lines.append(line)
    )
    return "\n".join(lines)


def model_inputs(examples: Examples, about: About) -> NDArray[np.float32]:
    """Return inputs (n, features) as the model takes them: float32, divided by the full scale."""
    return examples.inputs.astype(np.float32) / np.float32(about.full_scale)


def predictions(
    config: TrainConfig, weights: Weights, examples: Examples, about: About
) -> NDArray[np.float32]:
    """Return the class probabilities (n, classes) that a trained config gives to examples."""
    features = examples.inputs.shape[1]
    model = build_model(config, features, len(about.classes))
    model.set_weights(list(weights))
    found: NDArray[np.float32] = model.predict(
        model_inputs(examples, about), batch_size=EVALUATION_BATCH, verbose=0
    )
    return found
