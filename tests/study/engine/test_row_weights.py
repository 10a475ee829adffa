"""Rows with weights train and score as so many equal rows would, and as Keras has them."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from search_spaces.measures import MEASURE_NAMES, scored_by
from study.config import config_from_params
from study.data.row_values import row_values
from study.data.split import split_data
from study.data.values import Examples, Split, TrainingData
from study.engine.pooling import pooled
from study.engine.results import TrainingError
from study.engine.trainer import Trainer
from study.networks.keras_model import build_model, model_inputs

# One batch an epoch, so that the order of images does not matter.
WHOLE = {"width": 24, "dropout": 0.0, "batch_size": 1024, "epochs": 6, "activation": "tanh"}
SMALL = {"width": 20, "batch_size": 32, "epochs": 4, "dropout": 0.3}
SPLIT = Split(seed=4, share=0.25)


def go_on(_) -> bool:
    return False


def weighted(data: TrainingData, weights: np.ndarray) -> TrainingData:
    about = replace(data.about, weight="w")
    return TrainingData(about, replace(data.examples, weights=weights.astype(np.float64)))


@pytest.fixture(scope="module")
def counts() -> np.ndarray:
    return np.random.default_rng(8).integers(0, 4, 200)


def trained(data: TrainingData, params, split=None, measure="accuracy"):
    heard = []
    end = Trainer(data).train(
        config_from_params(params), 3, split, lambda one: heard.append(one) or False, measure
    )
    return end, heard


@pytest.mark.slow
def test_whole_weights_train_as_so_many_equal_rows(data, counts):
    repeated = TrainingData(
        data.about,
        Examples(
            *(np.repeat(one, counts, 0) for one in (data.examples.inputs, data.examples.labels))
        ),
    )
    ours, losses = trained(weighted(data, counts), WHOLE)
    theirs, expected = trained(repeated, WHOLE)
    for one, other in zip(ours.weights, theirs.weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-5)
    for one, other in zip(losses, expected, strict=True):
        assert one.train_loss == pytest.approx(other.train_loss, rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("class_weights", ["none", "balanced"])
def test_weights_train_as_keras_sample_weights_do(data, counts, class_weights):
    config = config_from_params(WHOLE | {"class_weights": class_weights})
    labels = data.examples.labels
    own = counts / counts.mean()
    if class_weights == "balanced":
        classes = np.unique(labels)
        by_class = compute_class_weight(
            "balanced", classes=classes, y=labels, sample_weight=counts.astype(float)
        )
        own = counts * by_class[labels]
        own /= own.mean()
    model = build_model(config, 36, 4, 3)
    model.compile(
        keras.optimizers.Adam(config.learning_rate), keras.losses.SparseCategoricalCrossentropy()
    )
    history = model.fit(
        model_inputs(data.examples, data.about),
        labels,
        batch_size=1024,
        epochs=6,
        shuffle=False,
        sample_weight=own.astype("float32"),
        verbose=0,
    )
    ours, heard = trained(weighted(data, counts), WHOLE | {"class_weights": class_weights})
    for one, other in zip(ours.weights, model.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=5e-4, atol=5e-5)
    losses = [epoch.train_loss for epoch in heard]
    np.testing.assert_allclose(losses, history.history["loss"], rtol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("asked", MEASURE_NAMES)
def test_the_measure_on_validation_is_that_of_so_many_equal_rows(data, counts, asked):
    training, config = weighted(data, counts), config_from_params(SMALL)
    end, _ = trained(training, SMALL, SPLIT, scored_by(asked, "w"))
    held = split_data(training, SPLIT).validation
    assert held is not None
    assert held.weights is not None
    model = build_model(config, 36, 4)
    model.set_weights(list(end.weights))
    found = model.predict(model_inputs(held, training.about), verbose=0)
    times = held.weights.astype(int)
    repeated = row_values(asked, np.repeat(found, times, 0), np.repeat(held.labels, times))
    assert end.result.value == pytest.approx(repeated.mean(), rel=1e-5)
    # What is beside it is the share of the rows that are right, whatever they count.
    assert end.result.accuracy == (found.argmax(1) == held.labels).mean()
    losses = row_values("log_loss", found, held.labels)
    assert end.result.loss == pytest.approx(np.average(losses, weights=times), rel=1e-5)
    if asked != "balanced_accuracy":
        spread = np.average(np.square(row_values(asked, found, held.labels)), weights=times)
        variance = spread - end.result.value**2
        kish = np.square(times).mean() / times.mean() ** 2
        assert end.result.value_sd == pytest.approx(np.sqrt(variance * kish), rel=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("asked", MEASURE_NAMES)
@pytest.mark.parametrize("patience", [0, 2])
def test_weights_that_are_all_the_same_change_no_bit(data, asked, patience):
    params = SMALL | {"patience": patience}
    plain, epochs = trained(data, params, SPLIT, asked)
    same, again = trained(weighted(data, np.full(200, 3.0)), params, SPLIT, scored_by(asked, "w"))
    kept = "weights_hash", "accuracy", "loss", "kept_epoch"
    assert [getattr(same.result, one) for one in kept] == [
        getattr(plain.result, one) for one in kept
    ]
    expected = plain.result.accuracy if asked == "accuracy" else plain.result.value
    assert same.result.value == expected
    if asked != "accuracy":
        assert same.result.value_sd == plain.result.value_sd
    assert [one.train_loss for one in again] == [one.train_loss for one in epochs]
    assert [one.validation_loss for one in again] == [one.validation_loss for one in epochs]


@pytest.mark.slow
def test_early_stopping_goes_by_the_weighted_loss(data, counts):
    params = SMALL | {"learning_rate": 0.03, "epochs": 30, "patience": 4, "dropout": 0.0}
    end, heard = trained(weighted(data, counts), params, SPLIT, "weighted_log_loss")
    assert end.result.cross_fitted
    assert end.result.value == pytest.approx(end.result.loss, rel=1e-9)
    best = min(heard, key=lambda one: one.validation_loss)
    assert end.result.kept_epoch == best.epoch
    assert best.validation_loss == pytest.approx(best.value, rel=1e-9)


@pytest.mark.slow
def test_a_validation_split_without_a_row_that_counts_fails_the_training(data):
    training = weighted(data, np.zeros(200))
    with pytest.raises(TrainingError) as caught:
        trained(training, SMALL, SPLIT)
    assert str(caught.value) == (
        "split: all rows that are trained on have weight 0; got 150 rows; "
        "allowed: a row that counts"
    )


@pytest.mark.slow
@pytest.mark.parametrize("asked", MEASURE_NAMES)
def test_folds_together_have_the_measure_of_all_their_weighted_rows(data, counts, asked):
    training, config = weighted(data, counts), config_from_params(SMALL)
    measure, split = scored_by(asked, "w"), Split(4, 0.25, 3)
    trainer = Trainer(training)
    ends = [trainer.train(config, 3, one, go_on, measure) for one in split.in_turn()]
    found, held = [], []
    for one, end in zip(split.in_turn(), ends, strict=True):
        part = split_data(training, one).validation
        model = build_model(config, 36, 4)
        model.set_weights(list(end.weights))
        found.append(model.predict(model_inputs(part, training.about), verbose=0))
        held.append(part)
    labels = np.concatenate([one.labels for one in held])
    weights = np.concatenate([one.weights for one in held])
    together = pooled([end.result for end in ends])
    expected = row_values(asked, np.concatenate(found), labels, weights).mean()
    assert together.value == pytest.approx(expected, rel=1e-5)
    losses = row_values("log_loss", np.concatenate(found), labels)
    assert together.loss == pytest.approx(np.average(losses, weights=weights), rel=1e-5)
