"""Initial weights: Keras's own initializers with a seed for each layer."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from study.config import Activation, Initializer, TrainConfig
from study.engine.randomness import layer_seed
from study.engine.structure import Weight, weight_layout

Weights = tuple[NDArray[np.float32], ...]

# He et al. 2015 for the rectifier's kin, Klambauer et al. 2017 for selu, Glorot & Bengio 2010.
_FITTING: dict[Activation, Initializer] = {
    "relu": "he_normal",
    "gelu": "he_normal",
    "silu": "he_normal",
    "elu": "he_normal",
    "selu": "lecun_normal",
    "tanh": "glorot_uniform",
}


def kernel_initializer(config: TrainConfig, layer: int, seed: int) -> Any:
    """Return Keras's initializer of a layer's kernel; the output layer's is glorot_uniform."""
    name: Initializer = config.initializer if layer < config.depth else "glorot_uniform"
    if name == "fitting":
        name = _FITTING[config.activation]
    kind = keras.initializers.get(name).__class__
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
