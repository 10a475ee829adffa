"""Functions that build networks, as users write them."""

import sys
from typing import Any


def small(params: dict[str, Any]) -> Any:
    """Return a small convolutional network that stops early, and how to train it."""
    import keras  # noqa: PLC0415 in the processes that hold Keras alone

    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Conv2D(params["filters"], 3, strides=2, activation="relu"),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        keras.optimizers.Adam(params["rate"]),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    stop = keras.callbacks.EarlyStopping(patience=1, restore_best_weights=True)
    return model, {"epochs": 3, "batch_size": 64, "callbacks": [stop]}


def breaks_in_fit(params: dict[str, Any]) -> Any:
    """Return a network whose `fit` raises."""
    model, fit = small(params)
    return model, {**fit, "class_weight": "nonsense"}


def breaks(params: dict[str, Any]) -> Any:
    """Raise what a mistake raises."""
    return params["no such parameter"]


def leaves(params: dict[str, Any]) -> Any:
    """End the process, as a script may that is not content with its params."""
    sys.exit(f"no model of {params['filters']} filters")
