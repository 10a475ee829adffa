"""Measures on validation rows are scikit-learn's of the kept network's predicted probabilities."""

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, brier_score_loss, log_loss

from search_spaces.measures import MEASURE_NAMES
from study.config import config_from_params
from study.data.row_values import row_values
from study.data.split import split_data
from study.data.values import Examples, Split, TrainingData
from study.engine.trainer import Trainer
from study.networks.keras_model import build_model, model_inputs

SPLIT = Split(seed=4, share=0.25)
SMALL = {"width": 20, "batch_size": 32, "epochs": 3, "dropout": 0.3}
THEIRS = {
    "balanced_accuracy": lambda labels, found: balanced_accuracy_score(labels, found.argmax(1)),
    "log_loss": lambda labels, found: log_loss(labels, found, labels=range(4)),
    "brier_score": lambda labels, found: brier_score_loss(
        labels, found, labels=range(4), scale_by_half=False
    ),
}


def go_on(_) -> bool:
    return False


@pytest.fixture(scope="session")
def uneven(data) -> TrainingData:
    """The images of the first two classes, and a few of the others."""
    labels = data.examples.labels
    chosen = (labels < 2) | (np.arange(len(labels)) % 16 > 11)
    return TrainingData(data.about, Examples(data.examples.inputs[chosen], labels[chosen]), None)


def probabilities_of(training, config, trained):
    held = split_data(training, SPLIT).validation
    assert held is not None
    model = build_model(config, 36, 4)
    model.set_weights(list(trained.weights))
    return held.labels, model.predict(model_inputs(held, training.about), verbose=0)


@pytest.mark.slow
@pytest.mark.parametrize("measure", THEIRS)
def test_a_measure_is_scikit_learns_of_keras_probabilities(uneven, measure):
    config = config_from_params(SMALL)
    trainer = Trainer(uneven)
    epochs = []
    trained = trainer.train(config, 1, SPLIT, lambda epoch: epochs.append(epoch) or False, measure)
    result = trained.result
    assert result is not None
    labels, found = probabilities_of(uneven, config, trained)
    assert result.value == pytest.approx(THEIRS[measure](labels, found), rel=1e-5)
    rows = row_values(measure, found, labels)
    assert result.value == pytest.approx(rows.mean(), rel=1e-5)
    assert result.value_sd == pytest.approx(rows.std(), rel=1e-4)
    assert result.accuracy == (found.argmax(1) == labels).mean()
    assert epochs[-1].value == result.value


@pytest.mark.slow
def test_no_measure_changes_what_is_trained_or_the_accuracy(uneven):
    config = config_from_params(SMALL | {"patience": 2})
    trainer = Trainer(uneven)
    results = [trainer.train(config, 1, SPLIT, go_on, measure).result for measure in MEASURE_NAMES]
    assert len({(one.weights_hash, one.accuracy, one.loss) for one in results}) == 1
    assert [one.value is None for one in results] == [True, False, False, False]
    assert trainer.traces == len(MEASURE_NAMES)


@pytest.mark.slow
def test_a_measure_of_an_early_stopping_training_is_cross_fitted(uneven):
    """The log loss of unclipped rows is the validation loss, which is cross-fitted too."""
    params = SMALL | {"learning_rate": 0.03, "epochs": 30, "patience": 4, "dropout": 0.0}
    epochs = []
    result = (
        Trainer(uneven)
        .train(
            config_from_params(params),
            1,
            SPLIT,
            lambda one: epochs.append(one) or False,
            "log_loss",
        )
        .result
    )
    assert result is not None
    assert result.cross_fitted
    assert result.value == pytest.approx(result.loss, rel=1e-12)
    assert result.value > min(epoch.value for epoch in epochs)


@pytest.mark.slow
def test_a_measure_needs_validation_rows(uneven):
    result = Trainer(uneven).train(config_from_params(SMALL), 1, None, go_on, "log_loss").result
    assert result is not None
    assert (result.value, result.value_sd, result.n) == (None, None, 0)
