"""Initial weights have the named distribution and are Keras's own."""

import numpy as np
import pytest

from study.config import config_from_params
from study.engine.initial import initial_weights
from study.networks.keras_model import build_model

IN, OUT = 400, 300
BOUNDS = {  # uniform: the limit; normal: the deviation (Keras cuts it off at two)
    "glorot_uniform": (6 / (IN + OUT)) ** 0.5,
    "he_uniform": (6 / IN) ** 0.5,
    "lecun_uniform": (3 / IN) ** 0.5,
    "glorot_normal": (2 / (IN + OUT)) ** 0.5,
    "he_normal": (2 / IN) ** 0.5,
    "lecun_normal": (1 / IN) ** 0.5,
}


@pytest.mark.parametrize("name", BOUNDS)
def test_hidden_kernels_have_the_named_distribution(name):
    """120,000 weights: the deviation's standard error is 0.2 %."""
    config = config_from_params({"initializer": name, "depth": 1, "width": OUT})
    kernel = initial_weights(config, IN, 10, seed=1)[0]
    limit = BOUNDS[name]
    deviation = limit / np.sqrt(3) if name.endswith("uniform") else limit
    assert kernel.std() == pytest.approx(deviation, rel=0.01)
    assert kernel.mean() == pytest.approx(0.0, abs=0.01 * deviation)
    largest = np.abs(kernel).max()
    if name.endswith("uniform"):
        assert largest == pytest.approx(limit, rel=0.001)
    else:
        assert 2.2 * deviation < largest < 2.3 * deviation


def test_biases_and_moving_means_begin_at_0_and_scales_at_1():
    config = config_from_params({"depth": 1, "width": 4, "normalization": "batch"})
    _, bias, gamma, beta, mean, variance, _, out = initial_weights(config, 3, 2, seed=1)
    for zeros in (bias, beta, mean, out):
        assert not zeros.any()
    for ones in (gamma, variance):
        assert (ones == 1).all()


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_the_keras_model_of_a_seed_begins_with_the_same_bits(normalization):
    config = config_from_params(
        {
            "width": 20,
            "taper": 0.6,
            "depth": 3,
            "normalization": normalization,
            "initializer": "fitting",
            "activation": "selu",
        }
    )
    ours = initial_weights(config, 12, 5, seed=9)
    theirs = build_model(config, 12, 5, seed=9).get_weights()
    assert len(ours) == len(theirs)
    for our, their in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(our, their)


def test_layers_and_seeds_begin_differently():
    config = config_from_params({"width": 30, "depth": 2})
    first, second = (initial_weights(config, 30, 5, seed) for seed in (1, 2))
    assert (first[0] != first[2]).all()
    assert (first[0] != second[0]).all()
