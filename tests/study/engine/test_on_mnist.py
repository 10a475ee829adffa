"""The engine on the real images."""

import pytest

from study.config import config_from_params
from study.data.load import load_data
from study.data.split import split_data
from study.data.values import Split
from study.engine.trainer import Trainer
from study.networks.keras_model import build_model, model_inputs


@pytest.mark.slow
@pytest.mark.mnist
def test_one_epoch_learns_mnist_and_keras_counts_the_same_right_answers(mnist_path):
    training = load_data(str(mnist_path), {}).training
    split = Split(seed=0, share=1 / 6)
    config = config_from_params({"width": 256, "epochs": 1})
    trained = Trainer(training).train(config, 1, split, lambda _: False)
    assert trained.result is not None
    assert trained.result.accuracy is not None
    assert 0.94 < trained.result.accuracy < 0.98
    held = split_data(training, split).validation
    assert held is not None
    model = build_model(config, 784, 10)
    model.set_weights(list(trained.weights))
    accuracy = model.evaluate(model_inputs(held, training.about), held.labels, verbose=0)[1]
    assert round(accuracy * held.n) == round(trained.result.accuracy * held.n)
