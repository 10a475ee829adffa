"""A user's own Keras model: what it is given, what it answers, and what is wrong with it."""

from typing import Any

import keras
import numpy as np
import pytest

from study.data.split import split_data
from study.data.values import About, Examples, Split, TrainingData
from study.engine.results import EpochResult, TrainingError
from study.executors.own_config import OwnConfig
from study.executors.own_model import own_model, own_predictions, own_summary
from study.executors.own_trainer import OwnTrainer

GREY = About("grey", (4, 4), ("a", "b", "c"), 255.0, "0" * 64, 0)
COLOUR = About("colour", (2, 2, 3), ("a", "b"), 255.0, "0" * 64, 0)
ROWS = np.arange(32, dtype=np.uint8).reshape(2, 16)
layers = keras.layers


def compiled(*inner: Any, loss: Any = "sparse_categorical_crossentropy") -> Any:
    model = keras.Sequential([*inner, layers.Flatten(), layers.Dense(3, activation="softmax")])
    model.compile("sgd", loss)
    return model


@pytest.mark.parametrize(
    ("inner", "shape"),
    [
        ([layers.Input((4, 4, 1))], (4, 4, 1)),
        ([layers.Input((4, 4))], (4, 4)),
        ([layers.Input((16,))], (16,)),
        ([layers.Input((None, None, 1)), layers.GlobalMaxPooling2D()], (4, 4, 1)),
        ([], (4, 4, 1)),
    ],
)
def test_inputs_have_the_shape_that_the_model_takes_from_0_to_1(inner, shape):
    own = own_model(lambda _: compiled(*inner), {}, GREY)
    found = own.inputs(ROWS, 255.0)
    assert (found.shape, found.dtype) == ((2, *shape), np.float32)
    assert np.array_equal(found.reshape(2, -1), ROWS / np.float32(255))


@pytest.mark.parametrize(
    ("loss", "is_one_hot"),
    [
        ("sparse_categorical_crossentropy", False),
        (keras.losses.SparseCategoricalCrossentropy(), False),
        ("categorical_crossentropy", True),
        (keras.losses.CategoricalCrossentropy(label_smoothing=0.1), True),
        (keras.losses.categorical_crossentropy, True),
    ],
)
def test_labels_are_one_hot_for_the_losses_that_take_them_so(loss, is_one_hot):
    own = own_model(lambda _: compiled(loss=loss), {}, GREY)
    found = own.labels(np.array([2, 0], np.int32))
    assert found.tolist() == ([[0, 0, 1], [1, 0, 0]] if is_one_hot else [2, 0])


def raises(_):
    raise ValueError("two\nlines")


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (raises, "build raised ValueError: two lines"),
        (lambda _: 3, "build returned int; allowed: a compiled keras.Model, or"),
        (lambda _: keras.Sequential([]), "a model that is not compiled with a loss"),
        (
            lambda _: (compiled(), {"epochs": 1, "x": 1, "validation_split": 0.1}),
            "build returned arguments of fit that are not its own: x, validation_split",
        ),
        (lambda _: compiled(layers.Input((5,))), "inputs of shape (None, 5); allowed:"),
    ],
)
def test_what_is_wrong_with_a_function_is_said_in_its_own_words(build, reason):
    with pytest.raises(TrainingError) as caught:
        own_model(build, {}, GREY)
    assert reason in caught.value.reason


def test_a_model_with_another_number_of_outputs_is_refused():
    with pytest.raises(TrainingError) as caught:
        own_summary(lambda _: compiled(), {}, COLOUR)
    assert caught.value.reason == (
        "the model gives outputs of shape (3,) an image; allowed: (2,), one a class"
    )


def few(n: int = 60) -> TrainingData:
    labels = np.arange(n, dtype=np.int32) % 3
    inputs = np.zeros((n, 16), np.uint8)
    inputs[np.arange(n), labels] = 255
    return TrainingData(GREY, Examples(inputs, labels))


def trains(build: Any, data: TrainingData | None = None) -> OwnTrainer:
    return OwnTrainer(data or few(), lambda: build)


class Worsens(keras.callbacks.Callback):
    """Report a validation loss that is worse after each epoch."""

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        assert logs is not None
        logs["val_loss"] = float(epoch)


def worsens(params: dict[str, Any]) -> Any:
    model, fit = fits(params)
    return model, {**fit, "callbacks": [Worsens(), *fit["callbacks"]]}


def fits(params: dict[str, Any]) -> Any:
    stop = keras.callbacks.EarlyStopping("val_loss", patience=1, restore_best_weights=True)
    model = compiled()
    model.compile(keras.optimizers.SGD(params["rate"]), model.loss, metrics=["accuracy"])
    return model, {"epochs": 4, "batch_size": 10, "callbacks": [stop]}


@pytest.mark.slow
def test_a_training_is_repeated_by_its_seed_and_its_weights_give_the_same_answers():
    heard: list[EpochResult] = []
    data, split = few(), Split(1, 0.2)
    config = OwnConfig({"rate": 0.5})
    first = trains(fits).train(config, 3, split, lambda one: bool(heard.append(one)))
    again = trains(fits).train(config, 3, split, lambda _: False)
    other = trains(fits).train(config, 4, split, lambda _: False)
    assert first.result is not None
    assert again.result is not None
    assert other.result is not None
    assert first.result.weights_hash == again.result.weights_hash != other.result.weights_hash
    assert [one.epoch for one in heard] == [1, 2, 3, 4]
    assert (first.result.n, first.result.epochs) == (12, 4)
    kept = heard[first.result.kept_epoch - 1]
    assert first.result.accuracy == pytest.approx(kept.validation_accuracy)
    held = split_data(data, split).validation
    assert held is not None
    found = own_predictions(fits, config.params, first.weights, held.inputs, GREY)
    assert found.shape == (12, 3)
    assert (found.argmax(axis=1) == held.labels).mean() == first.result.accuracy


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Early stopping conditioned on metric `val_loss`")
def test_without_a_split_it_trains_on_everything_for_the_epochs_it_is_given():
    config = OwnConfig({"rate": 0.5}, epochs=2)
    trained = trains(fits).train(config, 3, None, lambda _: False)
    assert trained.result is not None
    assert (trained.result.accuracy, trained.result.n, trained.result.epochs) == (None, 0, 2)


@pytest.mark.slow
def test_it_keeps_the_epoch_that_early_stopping_restores_and_stops_when_asked():
    config, split = OwnConfig({"rate": 0.5}), Split(1, 0.2)
    trained = trains(worsens).train(config, 3, split, lambda _: False)
    assert trained.result is not None
    assert (trained.result.kept_epoch, trained.result.epochs) == (1, 2)
    once = trains(fits).train(OwnConfig({"rate": 0.5}, epochs=1), 3, split, lambda _: False)
    assert once.result is not None
    assert once.result.weights_hash == trained.result.weights_hash
    stopped = trains(fits).train(config, 3, split, lambda _: True)
    assert stopped.result is None


@pytest.mark.slow
def test_what_fit_raises_and_a_loss_that_is_no_number_fail_the_training():
    def wrong(_: dict[str, Any]) -> Any:
        return compiled(), {"batch_size": "many"}

    with pytest.raises(TrainingError, match="fit raised "):
        trains(wrong).train(OwnConfig({}), 3, None, lambda _: False)
    with pytest.raises(TrainingError, match="diverged in epoch 1"):
        trains(fits).train(OwnConfig({"rate": float("inf")}), 3, Split(1, 0.2), lambda _: False)
