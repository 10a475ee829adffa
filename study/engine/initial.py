"""Initial weights: Keras's own initializers with a seed for each layer."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from study.config import TrainConfig
from study.engine.fixed import OUTPUT_INITIALIZER
from study.engine.randomness import layer_seed
from study.engine.structure import Weight, weight_layout
from study.engine.weights import Weights


def kernel_initializer(config: TrainConfig, layer: int, seed: int) -> Any:
    """Return Keras's initializer of a layer's kernel; layer `depth` is the output layer."""
    name = config.hidden_initializer if layer < config.depth else OUTPUT_INITIALIZER
    kind = type(keras.initializers.get(name))
    return kind(seed=layer_seed(seed, layer))


def initial_weights(config: TrainConfig, features: int, classes: int, seed: int) -> Weights:
    """Return the weights, in Keras's order, from which a training starts."""
    sizes = (features, *config.widths, classes)
    return tuple(
        _initial(weight, config, sizes, seed)
        for weight in weight_layout(config.depth, config.normalization)
    )


def _initial(
    weight: Weight, config: TrainConfig, sizes: tuple[int, ...], seed: int
) -> NDArray[np.float32]:
    units = sizes[weight.layer + 1]
    if weight.kind == "kernel":
        initializer = kernel_initializer(config, weight.layer, seed)
        return np.asarray(initializer((sizes[weight.layer], units)), dtype=np.float32)
    fill = 1.0 if weight.kind in ("gamma", "moving_variance") else 0.0
    return np.full(units, fill, dtype=np.float32)
