"""The generated scripts at work, where keras can be imported and this package cannot."""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from search_spaces.kinds import ChoiceParameter
from search_spaces.optimizers import OPTIMIZERS
from search_spaces.parameters import OF_TABLES, PARAMETERS
from study.bundle.script import write_script
from study.config import TrainConfig, config_from_params
from study.data.built_in.digits import read_digits
from study.data.load import load_data
from study.data.split import VALIDATION_SHARE
from study.data.values import Examples, Split
from study.engine.initial import kernel_initializer
from study.engine.trainer import Trainer
from study.networks.keras_model import build_model, model_inputs

pytestmark = pytest.mark.slow

SMALL = {"width": 48, "batch_size": 32, "epochs": 5, "dropout": 0.1}
# Together they use every feature; `test_the_configs_use_every_feature_there_is` counts them.
CONFIGS: dict[str, dict[str, Any]] = {
    name: json.loads(params)
    for name, params in {
        "baseline": "{}",
        "sgd": """{"optimizer": "sgd", "learning_rate": 0.1, "momentum": 0.9, "nesterov": true,
            "schedule": "one_cycle", "warmup": 0.3, "final_rate": 0.01, "activation": "gelu"}""",
        "momentum": """{"optimizer": "sgd", "learning_rate": 0.1, "momentum": 0.5, "clip_norm": 1.0,
            "initializer": "glorot_normal", "schedule": "step", "step_every": 0.3}""",
        "adamw": """{"optimizer": "adamw", "weight_decay": 0.02, "learning_rate": 0.003,
            "beta_1": 0.8, "schedule": "cosine", "warmup": 0.1, "final_rate": 0.05,
            "initializer": "he_normal"}""",
        "nadam": """{"optimizer": "nadam", "beta_2": 0.99, "epsilon": 1e-6, "activation": "silu",
            "initializer": "he_uniform", "label_smoothing": 0.1, "input_dropout": 0.1}""",
        "rmsprop": """{"optimizer": "rmsprop", "rho": 0.95, "momentum": 0.3, "activation": "tanh",
            "initializer": "fitting", "max_norm": 2.0, "weight_decay": 0.001}""",
        "lion": """{"optimizer": "lion", "learning_rate": 0.0005, "activation": "elu",
            "beta_1": 0.95, "initializer": "lecun_uniform", "schedule": "step",
            "step_factor": 0.3}""",
        "selu": """{"activation": "selu", "initializer": "fitting", "depth": 3, "taper": 0.6}""",
        "batch_norm": """{"normalization": "batch", "ema": 0.95, "learning_rate": 0.003}""",
        "layer_norm": """{"normalization": "layer", "initializer": "lecun_normal",
            "schedule": "cosine", "schedule_epochs": 8}""",
        "affine": """{"shift": 0.7, "rotation": 8.0, "scale": 0.1, "shear": 5.0, "epochs": 8}""",
        "elastic": """{"elastic": 0.4, "elastic_sigma": 2.0, "mixup": 0.3, "epochs": 8,
            "depth": 1, "class_weights": "balanced"}""",
        "stopped": """{"patience": 2, "epochs": 12, "learning_rate": 0.01, "ema": 0.9,
            "label_smoothing": 0.05, "initializer": "lecun_uniform",
            "class_weights": "balanced"}""",
        "distorted": """{"shift": 0.5, "elastic": 0.3, "normalization": "batch",
            "batch_size": 24, "dropout": 0.3}""",
    }.items()
}
SEEDS = 5
LEVEL = 0.999  # of each interval; with 14 configs one false alarm in 70 sets of seeds

RUNNER = """
import contextlib, importlib.util, io, json, pathlib, runpy, sys
for name in ("study", "reports", "search_spaces"):
    assert importlib.util.find_spec(name) is None, f"{name} can be imported"
said = {}
for script, *options in json.loads(sys.argv[1]):
    sys.argv = [script, "data.npz", *options]
    with contextlib.redirect_stdout(io.StringIO()) as out:
        runpy.run_path(script, run_name="__main__")
    said[pathlib.Path(script).stem] = out.getvalue().splitlines()[-1]
pathlib.Path("said.json").write_text(json.dumps(said))
"""


def _config(name: str) -> TrainConfig:
    return config_from_params({**SMALL, **CONFIGS[name]})


def test_the_configs_use_every_feature_there_is() -> None:
    assert len(CONFIGS) >= 12
    all_params = [_config(name).as_params() for name in CONFIGS]
    for name, parameter in PARAMETERS.items():
        if name in OF_TABLES:  # images have no use for it; see test_table_script.py
            continue
        values = {params.get(name, parameter.default) for params in all_params}
        assert values != {parameter.default}, name
        if isinstance(parameter, ChoiceParameter):
            assert values == set(parameter.options), name


@pytest.fixture(scope="module")
def expected() -> dict[str, tuple[float, float]]:
    """For each config the interval in which one more training's test accuracy is expected."""
    loaded = load_data("digits", {})
    test = read_digits().test
    trainer = Trainer(loaded.training)
    inputs = model_inputs(test, loaded.training.about)
    intervals = {}
    for name in CONFIGS:
        config = _config(name)
        model = build_model(config, inputs.shape[1], 10)
        accuracies = []
        for seed in range(SEEDS):
            split = Split(seed, VALIDATION_SHARE) if config.patience else None
            trained = trainer.train(config, seed, split, lambda _: False)
            model.set_weights(list(trained.weights))
            answers = model.predict(inputs, verbose=0)
            accuracies.append(float((answers.argmax(axis=1) == test.labels).mean()))
        intervals[name] = _interval(accuracies, test)
    return intervals


def _interval(accuracies: list[float], test: Examples) -> tuple[float, float]:
    """Student's prediction interval for one more run, at least one image wide on each side."""
    mean, deviation = np.mean(accuracies), np.std(accuracies, ddof=1)
    quantile = stats.t.ppf((1 + LEVEL) / 2, SEEDS - 1)
    half = max(quantile * deviation * np.sqrt(1 + 1 / SEEDS), 1 / test.n)
    return float(mean - half), float(mean + half)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each script printed last, run without this package."""
    folder = tmp_path_factory.mktemp("scripts")
    about = load_data("digits", {}).training.about
    whole = read_digits()
    np.savez(
        folder / "data.npz",
        x_train=whole.train.inputs.reshape(-1, 8, 8),
        y_train=whole.train.labels,
        x_test=whole.test.inputs.reshape(-1, 8, 8),
        y_test=whole.test.labels,
    )
    jobs = []
    for name in CONFIGS:
        config = _config(name)
        (folder / f"{name}.py").write_text(write_script(config, about, 100, {"config": name}))
        jobs.append([f"{name}.py", *(["--hold-out"] if config.patience else [])])
    (folder / "runner.py").write_text(RUNNER)
    done = subprocess.run(
        [sys.executable, "-S", "runner.py", json.dumps(jobs)],
        cwd=folder,
        env=_without_this_package(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answer: dict[str, str] = json.loads((folder / "said.json").read_text())
    return answer


def _without_this_package(folder: Path) -> dict[str, str]:
    """The environment of a process that sees all installed packages but ours.

    -S leaves out site-packages and its .pth files, by which an editable install is found; a folder
    of links brings the packages back, all but ours.
    """
    packages = folder / "packages"
    packages.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        ours = entry.name.split(".")[0] in ("study", "reports", "search_spaces")
        if not ours and not entry.name.startswith("dense_study") and entry.suffix != ".pth":
            (packages / entry.name).symlink_to(entry)
    threads = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return environment | dict.fromkeys(threads, "1") | {"PYTHONPATH": str(packages)}


@pytest.mark.parametrize("name", CONFIGS)
def test_a_script_without_this_package_reaches_the_engine_s_accuracy(
    name: str, said: dict[str, str], expected: dict[str, tuple[float, float]]
) -> None:
    words = said[name].split()
    assert said[name] == f"test accuracy {words[2]} % (n = 359, seed 100)"
    low, high = expected[name]
    assert low <= float(words[2]) / 100 <= high, (said[name], low, high)


def test_fitting_initializers_are_the_engine_s() -> None:
    for activation in ("relu", "gelu", "silu", "tanh", "elu", "selu"):
        config = config_from_params({"activation": activation, "initializer": "fitting"})
        kind = kernel_initializer(config, 0, 1).__class__.__name__
        assert kind.lower() == config.hidden_initializer.replace("_", "")


def test_every_optimizer_is_tried() -> None:
    assert {_config(name).optimizer for name in CONFIGS} == set(OPTIMIZERS)
