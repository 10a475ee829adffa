"""What is structure and what is a number; the layout is Keras's own."""

import pytest

from search_spaces.optimizers import OPTIMIZERS
from study.config import config_from_params
from study.engine.initial import initial_weights
from study.engine.optimizers import RULES
from study.engine.padding import padded, stored_width, unpadded
from study.engine.structure import structure_of, weight_layout
from study.engine.weights import weights_hash
from study.networks.keras_model import build_model

NUMBERS = {
    "width": 7, "taper": 0.4, "initializer": "he_normal", "learning_rate": 0.5, "beta_1": 0.1,
    "beta_2": 0.1, "epsilon": 0.1, "momentum": 0.3, "rho": 0.1, "schedule": "cosine",
    "warmup": 0.5, "final_rate": 0.2, "step_every": 0.1, "step_factor": 0.3,
    "label_smoothing": 0.1, "batch_size": 3, "epochs": 9, "patience": 3, "elastic_sigma": 2.0,
    "dropout": 0.7,
}  # fmt: skip
PARTS = {
    "depth": 3, "activation": "elu", "normalization": "layer", "optimizer": "lion",
    "input_dropout": 0.1, "weight_decay": 0.1, "max_norm": 1.0, "clip_norm": 1.0, "ema": 0.5,
    "shift": 1.0, "elastic": 1.0, "mixup": 0.1,
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), NUMBERS.items())
def test_a_number_is_no_structure(data, name, value):
    base = structure_of(config_from_params({}), data.about, "uint8")
    assert structure_of(config_from_params({name: value}), data.about, "uint8") == base


@pytest.mark.parametrize(("name", "value"), PARTS.items())
def test_a_part_that_comes_or_goes_is_structure(data, name, value):
    base = structure_of(config_from_params({}), data.about, "uint8")
    assert structure_of(config_from_params({name: value}), data.about, "uint8") != base


@pytest.mark.parametrize("name", ["shift", "rotation", "scale", "shear"])
def test_any_affine_distortion_shares_one_structure(data, name):
    both = structure_of(config_from_params({"shift": 1.0, "shear": 1.0}), data.about, "uint8")
    assert structure_of(config_from_params({name: 0.5}), data.about, "uint8") == both
    assert (both.has("affine"), both.has("elastic"), both.distorts) == (True, False, True)


def test_a_part_that_no_parameter_switches_is_an_error(data):
    base = structure_of(config_from_params({}), data.about, "uint8")
    with pytest.raises(KeyError, match="dropuot"):
        base.has("dropuot")


def test_every_optimizer_has_a_rule():
    assert tuple(RULES) == tuple(OPTIMIZERS)


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_the_layout_is_the_order_of_keras_weights(normalization):
    config = config_from_params({"depth": 2, "width": 3, "normalization": normalization})
    names = [weight.path.split("/")[-1] for weight in build_model(config, 4, 2).weights]
    assert [place.kind for place in weight_layout(2, normalization)] == names


@pytest.mark.parametrize(
    ("width", "stored"), [(1, 1), (64, 64), (255, 255), (256, 272), (300, 300), (1024, 1040)]
)
def test_only_widths_that_slow_the_products_get_idle_units(width, stored):
    assert stored_width(width) == stored


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_idle_units_come_and_go_without_a_trace(data, normalization):
    config = config_from_params({"depth": 2, "width": 256, "normalization": normalization})
    structure = structure_of(config, data.about, "uint8")
    weights = initial_weights(config, 9, 3, seed=1)
    stored = padded(structure, weights)
    assert stored[0].shape == ((9, 256) if normalization == "layer" else (9, 272))
    back = unpadded(stored, tuple(weight.shape for weight in weights))
    assert weights_hash(back) == weights_hash(weights)


def test_the_hash_tells_shapes_apart():
    config = config_from_params({"depth": 1, "width": 2})
    weights = initial_weights(config, 2, 2, seed=1)
    turned = (weights[0].reshape(1, 4), *weights[1:])
    assert weights_hash(weights) != weights_hash(turned)
