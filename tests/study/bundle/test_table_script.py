"""train.py prepares the columns of a table as the study did, in plain numpy."""

import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from study.bundle.script import write_script
from study.config import TrainConfig, config_from_params
from study.data.columns import Column
from study.data.fitting import Choices, fit
from study.data.preparation import apply
from study.data.values import About
from study.networks.keras_model import build_model

COLUMNS = (
    Column("plain", None),
    Column("colour\n", ("blue", "green", "red")),
    Column("far", None),
    Column("same", None),
    Column("rare", tuple(f"{number:02d}" for number in range(40))),
    Column("wide", None),
    Column("narrow", None),
)
ABOUT = About("table", (7,), ("a", "b", "c"), 1.0, "2" * 64, 10, COLUMNS)
SCALINGS = ("standard", "quantile_normal", "quantile_uniform")


def rows(n: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    made = np.zeros((n, 7), np.float32)
    made[:, 0] = rng.integers(0, 5, n)
    made[:, 1] = rng.integers(0, 3, n)
    made[:, 2] = rng.normal(1e7, 30, n)
    made[:, 4] = rng.geometric(0.4, n).clip(max=40) - 1
    made[:, 5] = rng.lognormal(0, 8, n)
    made[:, 6] = 1e8 + 8 * rng.integers(0, 2, n)
    for place in (0, 1, 5):
        made[rng.random(n) < 0.15, place] = np.nan
    return made


def script_of(config: TrainConfig, folder: Path) -> ModuleType:
    path = folder / "train_table.py"
    path.write_text(write_script(config, ABOUT, 3, {"study": "mine"}))
    module = ModuleType("train_table")
    exec(compile(path.read_text(), str(path), "exec"), module.__dict__)  # noqa: S102 our own script
    return module


@pytest.mark.parametrize("scaling", SCALINGS)
@pytest.mark.parametrize("share", [0.0, 0.05])
def test_its_features_are_those_of_the_study(scaling: str, share: float, tmp_path: Path):
    config = config_from_params({"scaling": scaling, "rare_level_share": share})
    train, new = rows(400, 1), rows(80, 2)
    new[0], new[1, 4], new[2, 1], new[3, 5] = np.nan, -1, 99, np.inf
    script = script_of(config, tmp_path)
    fitted = script.fit(train)
    preparation = fit(COLUMNS, train, Choices(config.scaling, share))
    for some in (train, new):
        np.testing.assert_allclose(
            script.prepare(some, fitted), apply(preparation, some), atol=1e-6
        )


def test_its_network_gives_the_studys_probabilities_to_raw_rows(tmp_path: Path):
    config = config_from_params({"width": 16})
    train, new = rows(400, 1), rows(80, 2)
    script = script_of(config, tmp_path)
    preparation = fit(COLUMNS, train, Choices("standard", 0.01))
    network = build_model(config, preparation.features, 3, seed=4)
    model = script.build_model(preparation.features, 3)
    model.set_weights(network.get_weights())
    np.testing.assert_allclose(
        model.predict(script.prepare(new, script.fit(train)), verbose=0),
        network.predict(apply(preparation, new), verbose=0),
        atol=1e-5,
    )


def test_columns_are_named_on_a_line_each():
    text = write_script(config_from_params({}), ABOUT, 3, {})
    assert "# 0: plain\n# 1: colour\\n: blue, green, red\n# 2: far\n" in text
    assert "09, 10" in text
    assert "29 and 10 more\n" in text
    assert "NUMBERS = [0, 2, 3, 5, 6]\nLEVELS = {1: 3, 4: 40}\n" in text
    assert "FULL_SCALE" not in text


@pytest.mark.slow
@pytest.mark.parametrize("patience", [0, 2])
def test_it_trains_on_a_file_of_rows(patience: int, tmp_path: Path, capsys, monkeypatch):
    config = config_from_params(
        {"width": 32, "epochs": 40, "learning_rate": 0.01, "patience": 4 * patience}
    )
    x = rows(300, 1)
    y = np.array(["a", "b", "c"])[x[:, 4].astype(int).clip(max=2)]
    np.savez(
        tmp_path / "data.npz", x_train=x[:200], y_train=y[:200], x_test=x[200:], y_test=y[200:]
    )
    script = script_of(config, tmp_path)
    hold_out = ["--hold-out"] if patience else []
    monkeypatch.setattr(sys, "argv", ["train.py", str(tmp_path / "data.npz"), *hold_out])
    script.main()
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("test accuracy ")
    assert float(last.split()[2]) > 80
