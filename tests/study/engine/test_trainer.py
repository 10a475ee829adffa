"""A training is a pure function of data, config and seed, and traces only new structures."""

import dataclasses
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from study.config import TrainConfig, config_from_params
from study.data.split import split_data
from study.data.values import Split
from study.engine.cross_fitting import folds_of
from study.engine.fixed import FOLDS
from study.engine.results import TrainingError
from study.engine.trainer import Trainer
from study.engine.weights import weights_hash
from study.networks.keras_model import build_model, model_inputs

SPLIT = Split(seed=4, share=0.25)
SMALL = {"width": 20, "batch_size": 32, "epochs": 3, "dropout": 0.3}


def go_on(_) -> bool:
    return False


@pytest.mark.slow
def test_a_new_width_batch_size_rate_seed_or_number_of_epochs_traces_nothing(data):
    trainer = Trainer(data)
    trainer.train(config_from_params(SMALL), 1, SPLIT, go_on)
    assert trainer.traces == 1
    for change in (
        {"width": 33},
        {"width": 256},
        {"taper": 0.5},
        {"batch_size": 7},
        {"batch_size": 500},
        {"learning_rate": 0.1},
        {"schedule": "cosine", "warmup": 0.1},
        {"dropout": 0.7},
        {"epochs": 1},
        {"label_smoothing": 0.1},
        {"beta_1": 0.5, "epsilon": 0.1},
        {"optimizer": "adamw"},
    ):
        trainer.train(config_from_params(SMALL | change), 2, SPLIT, go_on)
    trainer.train(config_from_params(SMALL), 1, None, go_on)
    trainer.train(config_from_params(SMALL), 1, Split(seed=9, share=0.5), go_on)
    assert trainer.traces == 1
    trainer.train(config_from_params(SMALL | {"depth": 3}), 1, SPLIT, go_on)
    assert trainer.traces == 2


EVERYTHING = {
    "normalization": "batch",
    "optimizer": "adamw",
    "weight_decay": 0.01,
    "ema": 0.9,
    "input_dropout": 0.1,
    "mixup": 0.4,
    "shift": 1.0,
    "rotation": 10.0,
    "elastic": 0.5,
    "schedule": "one_cycle",
    "warmup": 0.2,
}


@pytest.mark.slow
@pytest.mark.parametrize("params", [SMALL, SMALL | EVERYTHING], ids=["plain", "everything"])
def test_the_same_seed_gives_the_same_bits_whatever_was_trained_before(data, params):
    config = config_from_params(params)
    fresh = Trainer(data).train(config, 1, SPLIT, go_on)
    used = Trainer(data)
    for seed, other in ((5, params | {"width": 300}), (6, params | {"batch_size": 5})):
        used.train(config_from_params(other), seed, None, go_on)
    again = used.train(config, 1, SPLIT, go_on)
    assert again.result is not None
    assert fresh.result is not None
    assert again.result.weights_hash == fresh.result.weights_hash
    assert again.result.loss == fresh.result.loss
    other_seed = used.train(config, 2, SPLIT, go_on)
    assert weights_hash(other_seed.weights) != fresh.result.weights_hash


@pytest.mark.slow
def test_another_process_gives_the_same_bits():
    program = textwrap.dedent("""
        import os
        os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
        from study.config import config_from_params
        from study.data.load import load_data
        from study.data.values import Split
        from study.engine.trainer import Trainer
        trainer = Trainer(load_data("digits", {}).training)
        for width in WIDTHS:
            config = config_from_params({"width": width, "epochs": 2, "rotation": 5.0})
            result = trainer.train(config, 7, Split(1, 0.2), lambda _: False).result
            print(width, result.weights_hash, result.loss)
    """)

    def lines(widths: str) -> set[str]:
        command = [sys.executable, "-c", program.replace("WIDTHS", widths)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return set(done.stdout.splitlines())

    first = lines("(64, 512)")
    assert len(first) == 2
    assert first == lines("(512, 64)")


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        {},
        {"normalization": "batch"},
        {"normalization": "layer"},
        {"ema": 0.8},
        {"width": 320, "activation": "gelu"},
    ],
)
def test_keras_evaluates_the_kept_weights_to_the_recorded_accuracy(data, trainer, change):
    config = config_from_params(SMALL | change)
    trained = trainer.train(config, 1, SPLIT, go_on)
    held = split_data(data, SPLIT).validation
    assert held is not None
    model = build_model(config, 36, 4)
    model.set_weights(list(trained.weights))
    loss, accuracy = model.evaluate(model_inputs(held, data.about), held.labels, verbose=0)
    assert trained.result is not None
    assert trained.result.accuracy is not None
    assert round(accuracy * held.n) == round(trained.result.accuracy * held.n)
    assert np.float32(accuracy) == np.float32(trained.result.accuracy)
    assert loss == pytest.approx(trained.result.loss, rel=1e-5)
    assert trained.result.parameter_count == model.count_params()
    assert trained.result.n == held.n


@pytest.mark.slow
def test_patience_keeps_the_best_epoch_and_stops_after_it(trainer):
    config = config_from_params(
        SMALL | {"learning_rate": 0.03, "epochs": 60, "patience": 4, "dropout": 0.0}
    )
    epochs = []
    trained = trainer.train(config, 1, SPLIT, lambda epoch: epochs.append(epoch) or False)
    result = trained.result
    assert result is not None
    best = min(epochs, key=lambda epoch: epoch.validation_loss)
    assert result.kept_epoch == best.epoch
    assert result.epochs == len(epochs) == best.epoch + 4
    stopped = trainer.train(
        dataclasses.replace(config, patience=0), 1, SPLIT, lambda epoch: epoch.epoch == best.epoch
    )
    assert stopped.result is None
    assert weights_hash(stopped.weights) == result.weights_hash


@pytest.mark.slow
def test_early_stopping_is_scored_on_images_that_did_not_choose_the_epoch(data, trainer):
    config = config_from_params(
        SMALL | {"learning_rate": 0.03, "epochs": 30, "patience": 4, "dropout": 0.0}
    )
    result = trainer.train(config, 1, SPLIT, go_on).result
    assert result is not None
    held = split_data(data, SPLIT).validation
    assert held is not None
    folds = folds_of(held.labels)
    losses, hits = [], []
    for number in range(1, result.epochs + 1):
        stopped = trainer.train(
            dataclasses.replace(config, patience=0),
            1,
            SPLIT,
            lambda epoch, n=number: epoch.epoch == n,
        )
        model = build_model(config, 36, 4)
        model.set_weights(list(stopped.weights))
        answers = model.predict(model_inputs(held, data.about), verbose=0)
        own = answers[np.arange(held.n), held.labels]
        losses.append([-np.log(own[folds == fold]).sum() for fold in range(FOLDS)])
        right = answers.argmax(axis=1) == held.labels
        hits.append([right[folds == fold].sum() for fold in range(FOLDS)])
    summed = np.array(losses)
    chosen = (summed.sum(axis=1, keepdims=True) - summed).argmin(axis=0)
    assert len(set(chosen.tolist())) > 1  # or nothing would be tested
    assert result.accuracy == sum(hits[c][fold] for fold, c in enumerate(chosen)) / held.n
    expected = sum(losses[c][fold] for fold, c in enumerate(chosen)) / held.n
    assert result.loss == pytest.approx(expected, rel=1e-4)
    assert (result.cross_fitted, result.n) == (True, held.n)


@pytest.mark.slow
def test_a_config_ended_after_an_epoch_repeats_the_training_up_to_it(trainer):
    config = config_from_params(SMALL | {"schedule": "one_cycle", "epochs": 8, "patience": 8})
    stopped = trainer.train(config, 1, SPLIT, lambda epoch: epoch.epoch == 3)
    ended = trainer.train(config.ended_after(3), 1, SPLIT, go_on)
    assert ended.result is not None
    assert ended.result.weights_hash == weights_hash(stopped.weights)
    assert (ended.result.epochs, ended.result.cross_fitted) == (3, False)


@pytest.mark.slow
def test_without_a_split_all_images_train_and_no_accuracy_is_claimed(trainer):
    config = config_from_params(SMALL | {"patience": 1, "epochs": 4})
    epochs = []
    trained = trainer.train(config, 1, None, lambda epoch: epochs.append(epoch) or False)
    assert trained.result is not None
    assert (trained.result.accuracy, trained.result.loss, trained.result.n) == (None, None, 0)
    assert trained.result.kept_epoch == trained.result.epochs == 4
    assert [epoch.validation_accuracy for epoch in epochs] == [None] * 4


@pytest.mark.slow
def test_a_divergence_is_reported_with_its_epoch(trainer):
    config = config_from_params(
        SMALL
        | {"optimizer": "sgd", "learning_rate": 10.0, "momentum": 0.999, "epochs": 40, "depth": 6}
    )
    with pytest.raises(
        TrainingError, match=r"^diverged in epoch \d+: the loss is no finite number$"
    ):
        trainer.train(config, 1, SPLIT, go_on)


def test_images_cannot_be_distorted_where_there_are_none(data):
    about = dataclasses.replace(data.about, image_shape=(36,))
    with pytest.raises(TrainingError) as caught:
        Trainer(dataclasses.replace(data, about=about)).train(
            config_from_params({"shift": 1.0}), 1, None, go_on
        )
    assert str(caught.value) == "the config distorts images, but the data holds none"


@pytest.mark.slow
def test_seconds_come_from_the_clock_that_was_given(data):
    ticks = iter(range(100))
    trained = Trainer(data, clock=lambda: float(next(ticks))).train(
        config_from_params(SMALL), 1, SPLIT, go_on
    )
    assert trained.result is not None
    assert trained.result.seconds == 7.0


@pytest.mark.slow
def test_the_last_partial_batch_is_trained_on(trainer):
    """One epoch in batches of 199 and one: another image last gives other weights."""
    config: TrainConfig = config_from_params(
        SMALL | {"batch_size": 199, "epochs": 1, "dropout": 0.0}
    )
    whole = trainer.train(config, 1, None, go_on).weights
    model = build_model(config, 36, 4, seed=1)
    start = model.get_weights()
    steps = [np.abs(w - s).max() for w, s in zip(whole, start, strict=True)]
    # Adam's first step moves a weight by the rate at most; only a second one moves it further.
    assert max(steps) > 1.2 * config.learning_rate
