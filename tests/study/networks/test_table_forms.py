"""A table's network takes raw rows in every form that it is exported in."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from search_spaces.faults import FaultError
from study.config import config_from_params
from study.data.columns import Column
from study.data.fitting import Choices, fit
from study.data.preparation import apply
from study.networks.keras_model import build_model
from study.networks.process import read_network, save_network
from study.networks.tasks import ReadNetwork, SaveNetwork, Shape, network_process

CONFIG = config_from_params({"width": 8})
COLUMNS = (Column("size", None), Column("colour", ("blue", "red")), Column("wide", None))


def rows(n: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    made = np.stack([rng.normal(50, 9, n), rng.integers(0, 2, n), rng.lognormal(0, 4, n)], axis=1)
    made[rng.random((n, 3)) < 0.1] = np.nan
    return made.astype(np.float32)


@pytest.fixture(scope="module", params=["standard", "quantile_normal"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """The folder with every form, new rows, and the probabilities of the study's own network."""
    preparation = fit(COLUMNS, rows(200, 1), Choices(request.param, 0.01))
    network = build_model(CONFIG, preparation.features, 3, seed=2)
    weights = tuple(network.get_weights())
    folder = tmp_path_factory.mktemp("forms")
    shape = Shape(CONFIG, preparation.features, 3)
    forms = ("keras", "litert", "saved_model")
    with network_process(folder / "log.txt") as ask:
        ask(SaveNetwork(shape, weights, folder, forms, None, preparation))
    new = rows(40, 2)
    new[0], new[1] = np.nan, [1e30, -1, -np.inf]
    read = ReadNetwork(shape, folder / "model.keras", preparation)
    return folder, new, network.predict(apply(preparation, new), verbose=0), (read, weights)


# Keras compiles what it loads, and says that no steps of an optimizer were saved.
@pytest.mark.filterwarnings("ignore:Skipping variable loading for optimizer:UserWarning")
@pytest.mark.slow
def test_keras(made):
    folder, new, expected, (read, weights) = made
    model = keras.saving.load_model(folder / "model.keras")
    np.testing.assert_allclose(model.predict(new, verbose=0), expected, atol=1e-5)
    for one, other in zip(read_network(read), weights, strict=True):
        np.testing.assert_array_equal(one, other)


def test_onnx_is_refused_for_it_loses_missing_values(tmp_path: Path):
    preparation = fit(COLUMNS, rows(50, 1), Choices("standard", 0.01))
    shape = Shape(CONFIG, preparation.features, 3)
    with pytest.raises(FaultError) as caught:
        save_network(SaveNetwork(shape, (), tmp_path, ("keras", "onnx"), None, preparation))
    assert str(caught.value) == (
        "--format onnx: a table's network is not written so: its missing values are lost on the "
        "way; allowed: keras, litert, saved_model"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*tf.lite.Interpreter is deprecated:UserWarning")
def test_litert(made):
    folder, new, expected, _ = made
    run = tf.lite.Interpreter(str(folder / "model.tflite")).get_signature_runner()
    (name,) = run.get_input_details()
    (found,) = run(**{name: new}).values()
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.slow
def test_saved_model(made):
    folder, new, expected, _ = made
    loaded = tf.saved_model.load(str(folder / "saved_model"))
    np.testing.assert_allclose(loaded.serve(tf.constant(new)).numpy(), expected, atol=1e-5)
