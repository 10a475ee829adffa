"""What Keras's own operations make of a table's rows is what the study trained on."""

from pathlib import Path

import keras
import numpy as np
import pytest

from study.config import config_from_params
from study.data.columns import Column
from study.data.fitting import Choices, fit
from study.data.preparation import Preparation, apply
from study.networks.keras_model import build_model
from study.networks.prepared_model import prepare, with_preparation

# Keras itself makes arrays of its tensors in a way that numpy 2 warns of.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

COLUMNS = (
    Column("plain", None),
    Column("far", None),
    Column("few", None),
    Column("same", None),
    Column("colour", ("blue", "green", "red")),
    Column("rare", tuple(f"{number:02d}" for number in range(12))),
    Column("wide", None),
)


def rows(n: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    made = np.zeros((n, 7), np.float32)
    made[:, 0] = rng.normal(0, 1, n)
    made[:, 1] = rng.normal(1e7, 30, n)
    made[:, 2] = rng.integers(0, 3, n)
    made[:, 4] = rng.integers(0, 3, n)
    made[:, 5] = rng.geometric(0.4, n).clip(max=12) - 1
    made[:, 6] = rng.lognormal(0, 5, n)
    for place in (0, 2, 5):
        made[rng.random(n) < 0.15, place] = np.nan
    return made


def new_rows() -> np.ndarray:
    made = rows(60, seed=7)
    made[0] = np.nan
    made[1] = [1e30, -1e30, np.inf, 0, -1, -1, -np.inf]
    made[2] = [3.4e38, 3.4028235e38, -3.4e38, 9, 7, 99, 0]
    return made


@pytest.fixture(scope="module", params=["standard", "quantile_normal", "quantile_uniform"])
def preparation(request: pytest.FixtureRequest) -> Preparation:
    return fit(COLUMNS, rows(300, seed=1), Choices(request.param, 0.02))


def test_features_are_equal_to_rounding(preparation: Preparation):
    found = np.asarray(prepare(keras.ops.convert_to_tensor(new_rows()), preparation))
    np.testing.assert_allclose(found, apply(preparation, new_rows()), atol=2e-5)


@pytest.mark.parametrize(
    ("columns", "kept"),
    [("numbers", [0]), ("numbers", [3, 0]), ("categories", [4]), ("categories", [3, 5])],
)
def test_tables_of_one_kind_of_column_work_too(columns: str, kept: list[int]):
    some = [COLUMNS[place] for place in kept]
    fitted = fit(some, rows(300, seed=1)[:, kept], Choices("standard", 0.02))
    assert getattr(fitted, columns)
    found = np.asarray(prepare(keras.ops.convert_to_tensor(new_rows()[:, kept]), fitted))
    np.testing.assert_allclose(found, apply(fitted, new_rows()[:, kept]), atol=2e-5)


# Keras compiles what it loads, and says that no steps of an optimizer were saved.
@pytest.mark.filterwarnings("ignore:Skipping variable loading for optimizer:UserWarning")
@pytest.mark.slow
def test_a_saved_model_takes_rows_and_holds_plain_keras_alone(
    preparation: Preparation, tmp_path: Path
):
    network = build_model(config_from_params({"width": 8}), preparation.features, 3)
    model = with_preparation(network, preparation)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    expected = network.predict(apply(preparation, new_rows()), verbose=0)
    np.testing.assert_allclose(loaded.predict(new_rows(), verbose=0), expected, atol=1e-5)
    bare = build_model(config_from_params({"width": 8}), preparation.features, 3, seed=5)
    again = with_preparation(bare, preparation)
    again.load_weights(tmp_path / "model.keras")
    for one, other in zip(bare.get_weights(), network.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
