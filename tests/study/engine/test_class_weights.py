"""Balanced class weights train as Keras's own `fit` does with scikit-learn's."""

import keras
import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from study.config import config_from_params
from study.data.values import Examples, TrainingData
from study.engine.trainer import Trainer
from study.networks.keras_model import build_model, model_inputs

# One batch an epoch, so that the order of images does not matter.
WHOLE = {"width": 24, "dropout": 0.0, "batch_size": 512, "epochs": 6, "activation": "tanh"}


def go_on(_) -> bool:
    return False


@pytest.fixture(scope="session")
def uneven(data) -> TrainingData:
    """The images of the first two classes, and a few of the others."""
    labels = data.examples.labels
    chosen = (labels < 2) | (np.arange(len(labels)) % 16 > 11)
    return TrainingData(data.about, Examples(data.examples.inputs[chosen], labels[chosen]))


@pytest.mark.slow
@pytest.mark.parametrize("change", [{}, {"optimizer": "sgd", "learning_rate": 0.3}])
def test_balanced_class_weights_train_as_keras_does(uneven, change):
    config = config_from_params(WHOLE | change | {"class_weights": "balanced"})
    labels = uneven.examples.labels
    classes = np.unique(labels)
    weights = compute_class_weight("balanced", classes=classes, y=labels)
    model = build_model(config, 36, 4, 3)
    kind = keras.optimizers.SGD if config.optimizer == "sgd" else keras.optimizers.Adam
    model.compile(kind(config.learning_rate), keras.losses.SparseCategoricalCrossentropy())
    heard = []
    history = model.fit(
        model_inputs(uneven.examples, uneven.about),
        labels,
        batch_size=512,
        epochs=6,
        shuffle=False,
        class_weight=dict(zip(classes.tolist(), weights.tolist(), strict=True)),
        verbose=0,
    )
    trained = Trainer(uneven).train(config, 3, None, lambda epoch: heard.append(epoch) or False)
    for ours, theirs in zip(trained.weights, model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=2e-4, atol=2e-5)
    losses = [epoch.train_loss for epoch in heard]
    np.testing.assert_allclose(losses, history.history["loss"], rtol=1e-4)
    plain = Trainer(uneven).train(config_from_params(WHOLE | change), 3, None, go_on)
    assert not np.allclose(plain.weights[0], trained.weights[0], rtol=1e-2)


@pytest.mark.slow
def test_equal_classes_train_to_the_same_network_whatever_the_weights(data):
    trainer = Trainer(data)
    balanced, plain = (
        trainer.train(config_from_params(WHOLE | {"class_weights": word}), 3, None, go_on)
        for word in ("balanced", "none")
    )
    for one, other in zip(balanced.weights, plain.weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)
    assert trainer.traces == 2
