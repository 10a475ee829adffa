"""Data to train on, and the same training done by Keras alone."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
import tensorflow as tf

from study.config import TrainConfig
from study.data.values import About, Examples, TrainingData
from study.engine.randomness import epoch_order
from study.engine.schedule import learning_rates
from study.engine.trainer import Trained, Trainer
from study.networks.keras_model import build_model, model_inputs

Weights = list[np.ndarray]


@pytest.fixture(scope="session")
def data() -> TrainingData:
    """200 images of 6 x 6 random grey levels in 4 classes, each class brighter in its quarter."""
    rng = np.random.default_rng(5)
    labels = np.arange(200, dtype=np.int32) % 4
    images = rng.integers(0, 160, (200, 6, 6))
    for image, label in zip(images, labels, strict=True):
        top, left = 3 * (label // 2), 3 * (label % 2)
        image[top : top + 3, left : left + 3] += 90
    about = About("quarters", (6, 6), ("a", "b", "c", "d"), 255.0, "0" * 64, 0)
    return TrainingData(about, Examples(images.reshape(200, 36).astype(np.uint8), labels))


@pytest.fixture(scope="session")
def trainer(data: TrainingData) -> Trainer:
    return Trainer(data)


@pytest.fixture(scope="session")
def train(trainer: Trainer) -> Callable[..., Trained]:
    def run(config: TrainConfig, seed: int = 3, split=None) -> Trained:
        return trainer.train(config, seed, split, lambda _: False)

    return run


def _optimizer(config: TrainConfig, rate: float):
    moments = {"beta_1": config.beta_1, "beta_2": config.beta_2, "epsilon": config.epsilon}
    common = {
        "learning_rate": rate,
        "weight_decay": config.weight_decay or None,
        "global_clipnorm": config.clip_norm or None,
        "use_ema": config.ema > 0,
        "ema_momentum": config.ema or 0.99,
    }
    kinds = {
        "adam": lambda: keras.optimizers.Adam(**moments, **common),
        "adamw": lambda: keras.optimizers.AdamW(
            **moments, **common | {"weight_decay": config.weight_decay}
        ),
        "nadam": lambda: keras.optimizers.Nadam(**moments, **common),
        "sgd": lambda: keras.optimizers.SGD(
            momentum=config.momentum, nesterov=config.nesterov, **common
        ),
        "rmsprop": lambda: keras.optimizers.RMSprop(
            rho=config.rho, momentum=config.momentum, epsilon=config.epsilon, **common
        ),
        "lion": lambda: keras.optimizers.Lion(beta_1=config.beta_1, beta_2=config.beta_2, **common),
    }
    return kinds[config.optimizer]()


@pytest.fixture(scope="session")
def keras_training(data: TrainingData) -> Callable[[TrainConfig, int], Weights]:
    """Train by Keras's model, gradients, optimizer and constraint; the same order and rates."""

    def run(config: TrainConfig, seed: int) -> Weights:
        model = build_model(config, 36, 4, seed)
        if config.max_norm:
            for layer in model.layers[:-1]:
                if isinstance(layer, keras.layers.Dense):
                    layer.kernel.constraint = keras.constraints.MaxNorm(config.max_norm, axis=0)
        steps = -(-data.examples.n // config.batch_size)
        rates = learning_rates(config, steps * config.epochs)
        optimizer = _optimizer(config, rates[0])
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        optimizer.build(model.trainable_variables)
        loss_of = keras.losses.CategoricalCrossentropy(label_smoothing=config.label_smoothing)
        inputs = model_inputs(data.examples, data.about)
        targets = np.eye(4, dtype=np.float32)[data.examples.labels]
        for step, rate in enumerate(rates):
            epoch, place = divmod(step, steps)
            chosen = epoch_order(seed, epoch + 1, len(targets))[place * config.batch_size :]
            chosen = chosen[: config.batch_size]
            with tf.GradientTape() as tape:
                loss = loss_of(targets[chosen], model(inputs[chosen], training=True))
            gradients = tape.gradient(loss, [v.value for v in model.trainable_variables])
            optimizer.learning_rate = rate
            optimizer.apply(gradients, model.trainable_variables)
        optimizer.finalize_variable_values(model.trainable_variables)
        return model.get_weights()

    return run
