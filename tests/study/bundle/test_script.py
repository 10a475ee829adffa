import subprocess
import sys
from pathlib import Path

import pytest

from search_spaces.kinds import ChoiceParameter
from search_spaces.parameters import PARAMETERS
from study.bundle.script import write_script
from study.config import TrainConfig, config_from_params
from study.data.values import About

ABOUT = About("digits", (8, 8), tuple("0123456789"), 16.0, "f" * 64, 360)
RUFF = (str(Path(sys.executable).with_name("ruff")),)


def _compiled(text: str) -> None:
    compile(text, "train.py", "exec")


def _shows(text: str, *words: str) -> list[str]:
    return [word for word in words if word in text]


def test_the_baseline_s_script_holds_what_it_uses_and_nothing_else() -> None:
    text = write_script(config_from_params({}), ABOUT, 3, {"study": "first", "trial": "17"})

    assert "# study: first\n# trial: 17\n" in text
    assert "WIDTHS = (512, 512)" in text
    assert "default=3" in text
    unused = ("tensorflow", "math", "MaxNorm", "Normalization", "LearningRateSchedule", "callbacks")
    unused += ("ema", "weight_decay", "clipnorm", "smoothing", "INPUT_DROPOUT", "distort", "mix")
    assert _shows(text, *unused) == []


@pytest.mark.parametrize(
    ("params", "word"),
    [
        ({"input_dropout": 0.1}, "INPUT_DROPOUT = 0.1"),
        ({"width": 100, "taper": 0.5, "depth": 3}, "WIDTHS = (100, 50, 25)"),
        ({"depth": 1, "width": 8}, "WIDTHS = (8,)"),
        ({"initializer": "fitting", "activation": "selu"}, 'kernel_initializer="lecun_normal"'),
        ({"normalization": "layer"}, "LayerNormalization(epsilon=0.001)"),
        ({"max_norm": 3.0}, "kernel_constraint=keras.constraints.MaxNorm(3.0, axis=0)"),
        ({"optimizer": "sgd", "nesterov": True}, "optimizers.SGD"),
        ({"optimizer": "rmsprop", "rho": 0.8}, "rho=0.8"),
        ({"optimizer": "lion"}, "optimizers.Lion"),
        ({"weight_decay": 0.01}, 'exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])'),
        ({"clip_norm": 1.5}, "global_clipnorm=1.5"),
        ({"ema": 0.9}, "use_ema=True"),
        ({"label_smoothing": 0.1}, "CategoricalCrossentropy(label_smoothing=0.1)"),
        ({"patience": 2}, "EarlyStopping("),
        ({"patience": 2, "ema": 0.9}, "SwapEMAWeights(swap_on_epoch=True)"),
        ({"schedule": "step"}, "build_optimizer(steps=EPOCHS * "),
        (
            {"schedule": "step", "epochs": 3, "schedule_epochs": 9},
            "SCHEDULE_EPOCHS = 9  # the learning rate is planned for these",
        ),
        (
            {"schedule": "step", "epochs": 3, "schedule_epochs": 9},
            "build_optimizer(steps=SCHEDULE_EPOCHS * ",
        ),
        ({"shift": 2.0}, "SHIFT * tf.random.uniform"),
        ({"rotation": 9.0}, "math.radians(ROTATION)"),
        ({"elastic": 9.0}, "def elastic_field(count):"),
        ({"mixup": 0.2}, "generator.beta(MIXUP, MIXUP, BATCH_SIZE)"),
    ],
)
def test_each_feature_writes_its_own_lines(params: dict[str, object], word: str) -> None:
    text = write_script(config_from_params(params), ABOUT, 0, {})

    _compiled(text)
    assert word in text
    assert word not in write_script(config_from_params({}), ABOUT, 0, {})


@pytest.mark.parametrize("hostile", ['"""\nimport os', "x\rimport os", "\u2028import os", "\\"])
def test_provenance_cannot_become_code(hostile: str) -> None:
    plain = write_script(config_from_params({}), ABOUT, 0, {"study": "a"})

    text = write_script(config_from_params({}), ABOUT, 0, {"study": hostile})

    _compiled(text)
    assert len(text.splitlines()) == len(plain.splitlines())


def _one_by_one() -> list[TrainConfig]:
    changes: list[dict[str, object]] = []
    for name, parameter in PARAMETERS.items():
        if isinstance(parameter, ChoiceParameter):
            changes += [{name: option} for option in parameter.options]
        else:
            changes += [{name: value} for value in (parameter.low, min(parameter.high, 7))]
    changes += [
        {**first, **second}
        for first in changes
        for second in (
            {"patience": 3, "ema": 0.9, "label_smoothing": 0.1, "mixup": 1.0},
            {"schedule": "cosine", "warmup": 0.1, "final_rate": 0.1, "weight_decay": 0.1},
            {"schedule": "one_cycle", "warmup": 0.1, "rotation": 3.0, "scale": 0.1, "shear": 1.0},
        )
    ]
    return [config_from_params(change) for change in changes]


def test_every_script_is_in_the_form_that_formatter_and_linter_want(tmp_path: Path) -> None:
    for number, config in enumerate(_one_by_one()):
        text = write_script(config, ABOUT, 0, {"study": "first"})
        (tmp_path / f"train_{number}.py").write_text(text)
    rules = ["--select", "E,F,I,B,W,UP,SIM,D1", "--ignore", "D101,D102,D105,D107"]

    for arguments in (["format", "--check"], ["check", *rules]):
        done = subprocess.run(
            [*RUFF, *arguments, "--isolated", "--line-length", "100", str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
