"""TrainConfig: complete, typed, and known by its key."""

import dataclasses
import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_spaces.faults import FaultError
from search_spaces.kinds import ChoiceParameter, FloatParameter, IntParameter
from search_spaces.optimizers import OPTIMIZERS, Optimizer
from search_spaces.parameters import OF_TABLES, PARAMETERS, check_value, typed_value, without_idle
from study.config import TrainConfig, config_from_params


def values_of(parameter) -> st.SearchStrategy:
    match parameter:
        case IntParameter(low=low, high=high):
            return st.integers(low, high)
        case FloatParameter(low=low, high=high):
            return st.floats(low, high)
        case ChoiceParameter(options=options):
            return st.sampled_from(options)


PARAMS = st.fixed_dictionaries({}, optional={n: values_of(p) for n, p in PARAMETERS.items()})


def test_a_config_has_every_parameter_of_the_vocabulary_in_its_order():
    assert [field.name for field in dataclasses.fields(TrainConfig)] == list(PARAMETERS)


@pytest.mark.parametrize(
    "name", ["activation", "initializer", "normalization", "optimizer", "schedule"]
)
def test_the_types_allow_what_the_vocabulary_allows(name):
    parameter = PARAMETERS[name]
    assert isinstance(parameter, ChoiceParameter)
    assert typing.get_args(typing.get_type_hints(TrainConfig)[name]) == parameter.options


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_default_is_legal_and_the_field_s_own(name):
    default = PARAMETERS[name].default
    assert check_value("here", name, default) == []
    assert getattr(TrainConfig(), name) == default
    assert type(default) is type(typed_value(name, default))


def test_the_optimizers_are_listed_and_each_takes_parameters_of_the_vocabulary():
    names = ("adam", "adamw", "nadam", "sgd", "rmsprop", "lion")
    assert tuple(OPTIMIZERS) == typing.get_args(Optimizer) == names
    assert {name for one in OPTIMIZERS.values() for name in one.takes} <= set(PARAMETERS)


def test_nothing_asked_is_the_classic_baseline():
    config = config_from_params({})
    assert (config.widths, config.activation, config.dropout) == ((512, 512), "relu", 0.2)
    assert (config.optimizer, config.batch_size, config.epochs) == ("adam", 128, 5)


@given(PARAMS)
def test_params_and_config_give_each_other_back(params):
    config = config_from_params(params)
    assert config_from_params(config.as_params()) == config
    assert without_idle(params).items() <= config.as_params().items()


def test_a_config_names_what_prepares_tables_only_where_it_is_not_the_default():
    default = config_from_params({"scaling": "standard", "rare_level_share": 0.01})
    assert default == config_from_params({})
    assert default.as_params().keys() & OF_TABLES == set()
    # The key that this config has always had: retrainings of older studies are found by it.
    assert default.key == "5f179d5282eff6c5"
    other = config_from_params({"scaling": "quantile_normal"})
    assert other.as_params() == {**default.as_params(), "scaling": "quantile_normal"}
    assert other.changes_to(default) == {"scaling": ("quantile_normal", "standard")}


@given(PARAMS, PARAMS)
def test_keys_are_equal_exactly_where_configs_are(one, other):
    first, second = config_from_params(one), config_from_params(other)
    assert len(first.key) == 16
    assert (first.key == second.key) == (first == second)


def test_every_fault_is_reported_at_once():
    with pytest.raises(FaultError) as caught:
        config_from_params({"width": 0, "colour": 1, "nesterov": 1}, "here")
    assert [fault.what for fault in caught.value.faults] == [
        "value not allowed for width",
        "unknown parameter 'colour'",
        "value not allowed for nesterov",
    ]
    assert {fault.where for fault in caught.value.faults} == {"here"}


@pytest.mark.parametrize(
    ("params", "widths"),
    [
        ({"depth": 3, "width": 100}, (100, 100, 100)),
        ({"depth": 3, "width": 100, "taper": 0.5}, (100, 50, 25)),
        ({"depth": 4, "width": 3, "taper": 0.1}, (3, 1, 1, 1)),
    ],
    ids=["one width", "tapered", "never fewer than one unit"],
)
def test_widths_follow_the_taper(params, widths):
    assert config_from_params(params).widths == widths


@pytest.mark.parametrize(
    ("activation", "fitting"),
    [("relu", "he_normal"), ("gelu", "he_normal"), ("selu", "lecun_normal"),
     ("tanh", "glorot_uniform")],
)  # fmt: skip
def test_a_fitting_initializer_follows_the_activation(activation, fitting):
    params = {"activation": activation}
    assert config_from_params(params).hidden_initializer == "glorot_uniform"
    assert config_from_params(params | {"initializer": "fitting"}).hidden_initializer == fitting


@pytest.mark.parametrize(
    ("asked", "ended"),
    [
        ({"epochs": 9, "patience": 2}, {"epochs": 4}),
        (
            {"epochs": 9, "patience": 2, "schedule": "cosine"},
            {"epochs": 4, "schedule": "cosine", "schedule_epochs": 9},
        ),
        (
            {"epochs": 9, "patience": 2, "schedule": "step", "schedule_epochs": 20},
            {"epochs": 4, "schedule": "step", "schedule_epochs": 20},
        ),
        (
            {"epochs": 4, "patience": 2, "schedule": "cosine", "schedule_epochs": 2},
            {"epochs": 4, "schedule": "cosine"},
        ),
    ],
    ids=["no schedule", "its own epochs", "planned for more already", "nothing cut off"],
)
def test_a_config_ended_early_keeps_the_schedule_it_followed(asked, ended):
    assert config_from_params(asked).ended_after(4) == config_from_params(ended)


def test_a_parameter_that_came_later_changes_no_key_where_it_has_its_default():
    """Keys as the first edition made them: interrupted confirmations go on by them."""
    assert TrainConfig().key == "5f179d5282eff6c5"
    assert config_from_params({"schedule_epochs": 3}).key != TrainConfig().key
