"""Whole trainings agree with Keras's own layers, losses and optimizers, step by step."""

import numpy as np
import pytest

from search_spaces.optimizers import OPTIMIZERS
from study.config import config_from_params
from study.engine.structure import weight_layout

# Twenty steps: five epochs of 200 images in batches of 56, the last one of 32.
STEPS = {"depth": 2, "width": 24, "taper": 0.5, "dropout": 0.0, "batch_size": 56, "epochs": 5}
# tanh has no kink at which rounding could choose another side.
SMOOTH = STEPS | {"activation": "tanh", "learning_rate": 0.01}

OPTIONS = {
    "adam": {},
    "adam with a large epsilon": {"epsilon": 0.01, "beta_1": 0.8, "beta_2": 0.95},
    "adamw": {"optimizer": "adamw", "weight_decay": 0.05},
    "nadam": {"optimizer": "nadam"},
    "nadam with other betas": {"optimizer": "nadam", "beta_1": 0.7, "beta_2": 0.9},
    "plain descent": {"optimizer": "sgd", "learning_rate": 0.1},
    "momentum": {"optimizer": "sgd", "momentum": 0.9},
    "Nesterov's momentum": {"optimizer": "sgd", "momentum": 0.9, "nesterov": True},
    "Nesterov without momentum": {"optimizer": "sgd", "nesterov": True},
    "rmsprop": {"optimizer": "rmsprop", "learning_rate": 0.002},
    "rmsprop with momentum": {"optimizer": "rmsprop", "momentum": 0.5, "learning_rate": 0.001},
    "lion": {"optimizer": "lion", "learning_rate": 0.001, "beta_2": 0.99},
    "decay on any optimizer": {"optimizer": "sgd", "weight_decay": 0.5},
    "clipping": {"clip_norm": 0.05},
    "clipping that never bites": {"clip_norm": 900.0},
    "max-norm": {"max_norm": 0.7},
    "averaged weights": {"ema": 0.9},
    "averages before max-norm": {"ema": 0.9, "max_norm": 0.7},
    "label smoothing": {"label_smoothing": 0.2},
    "batch normalisation": {"normalization": "batch"},
    "batch normalisation averaged": {"normalization": "batch", "ema": 0.8},
    "layer normalisation": {"normalization": "layer"},
    "everything at once": {
        "optimizer": "adamw",
        "weight_decay": 0.1,
        "clip_norm": 0.1,
        "max_norm": 0.8,
        "ema": 0.95,
        "label_smoothing": 0.1,
        "normalization": "batch",
        "schedule": "one_cycle",
        "warmup": 0.3,
    },
    "cosine": {"schedule": "cosine", "warmup": 0.2, "final_rate": 0.1},
    "one cycle": {"schedule": "one_cycle", "warmup": 0.4},
    "steps": {"schedule": "step", "step_every": 0.3},
    "gelu": {"activation": "gelu"},
    "silu": {"activation": "silu"},
    "elu": {"activation": "elu"},
    "selu": {"activation": "selu", "initializer": "fitting"},
    "relu": {"activation": "relu"},
    "one layer": {"depth": 1},
    "eight layers": {"depth": 8, "taper": 1.0},
}


def assert_same(config, ours, theirs):
    """Compare weights to float32 rounding, gathered over the steps.

    Batch normalisation takes the bias before it away again: its gradient is 0 but for rounding,
    which Adam scales up to full steps. It changes no output and is left out.
    """
    assert [weight.shape for weight in ours] == [weight.shape for weight in theirs]
    layout = weight_layout(config.depth, config.normalization)
    for place, our, their in zip(layout, ours, theirs, strict=True):
        idle_bias = config.normalization == "batch" and place.kind in ("bias", "moving_mean")
        if idle_bias and place.layer < config.depth:
            np.testing.assert_allclose(our, their, atol=0.02)
        else:
            np.testing.assert_allclose(our, their, rtol=2e-4, atol=2e-5)


@pytest.mark.slow
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS.keys())
def test_twenty_steps_give_keras_weights(train, keras_training, options):
    config = config_from_params(SMOOTH | options)
    assert_same(config, train(config, seed=3).weights, keras_training(config, 3))


def test_every_optimizer_is_compared():
    compared = {options.get("optimizer", "adam") for options in OPTIONS.values()}
    assert compared == set(OPTIMIZERS)


@pytest.mark.slow
def test_the_comparison_sees_a_small_difference(train, keras_training):
    """The bound has teeth: one percent of the rate is far outside it."""
    ours = train(config_from_params(SMOOTH), seed=3).weights
    theirs = keras_training(config_from_params(SMOOTH | {"learning_rate": 0.0101}), 3)
    apart = max(float(np.abs(o - t).max()) for o, t in zip(ours, theirs, strict=True))
    assert apart > 10 * 2e-5


@pytest.mark.slow
def test_idle_units_change_no_result(train, keras_training):
    """256 is stored as 272 units; Keras has no such thing."""
    params = STEPS | {"width": 256, "taper": 1.0, "activation": "tanh", "epochs": 2}
    for normalization in ("none", "batch", "layer"):
        config = config_from_params(params | {"normalization": normalization, "ema": 0.5})
        assert_same(config, train(config, seed=3).weights, keras_training(config, 3))
