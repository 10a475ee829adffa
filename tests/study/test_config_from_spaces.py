"""Every shipped space gives configs that can be trained, on images of any size."""

import optuna
import pytest

from search_spaces.active import check_params
from search_spaces.domains import domain_contains
from search_spaces.optuna_domains import ask_params, distribution, full_params, searched_params
from search_spaces.parameters import OF_TABLES, PARAMETERS, Params, complete_params
from search_spaces.read import load_space
from search_spaces.shipped import shipped_names
from search_spaces.space import ChoiceDomain, Space
from study.config import TrainConfig, config_from_params

SAMPLES = 200


def sampled(space: Space) -> list[Params]:
    """Ask a seeded random sampler for every parameter; the space takes the active ones."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    optuna_study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=7))
    domains = {one.name: distribution(one.domain) for one in space.parameters}
    trials = [optuna_study.ask(domains).params for _ in range(SAMPLES)]
    return [ask_params(space, lambda name, _, values=values: values[name]) for values in trials]


def configs(space: Space) -> list[TrainConfig]:
    return [config_from_params(full_params(space, params)) for params in sampled(space)]


@pytest.mark.slow
@pytest.mark.parametrize("name", shipped_names())
def test_every_sample_of_a_shipped_space_is_a_config_and_a_point_of_the_space(name: str) -> None:
    space = load_space(name)
    samples = sampled(space)
    found = configs(space)
    assert len({config.key for config in found}) > SAMPLES * 0.95
    for params, config in zip(samples, found, strict=True):
        assert check_params(space, config.as_params(), "sample") == []
        assert searched_params(space, config.as_params()) == params


@pytest.mark.parametrize("name", shipped_names())
def test_the_baseline_of_a_shipped_space_is_rebuilt_from_its_searched_part(name: str) -> None:
    space = load_space(name)
    baseline = complete_params("baseline", space.baseline.params)
    searched = searched_params(space, baseline)
    assert all(
        domain_contains(one.domain, searched[one.name])
        for one in space.parameters
        if one.name in searched
    )
    assert config_from_params(full_params(space, searched)) == config_from_params(baseline)


@pytest.mark.parametrize("name", shipped_names())
def test_every_value_of_a_choice_and_every_condition_is_met_by_samples(name: str) -> None:
    space = load_space(name)
    samples = sampled(space)
    for parameter in space.parameters:
        seen = {params[parameter.name] for params in samples if parameter.name in params}
        if isinstance(parameter.domain, ChoiceDomain):
            assert seen == set(parameter.domain.values)
        else:
            assert len(seen) > 1
        asked = sum(parameter.name in params for params in samples)
        assert (asked < SAMPLES) == bool(parameter.when)


def test_wide_searches_all_of_the_vocabulary_but_what_is_of_images_or_tables_alone() -> None:
    names = {parameter.name for parameter in load_space("wide").parameters}
    distortions = {"shift", "rotation", "scale", "shear", "elastic", "elastic_sigma", "mixup"}
    # What a schedule was planned for follows from early stopping, and is not searched; weights of
    # classes are for uneven ones.
    others = {"schedule_epochs", "class_weights"}
    assert set(PARAMETERS) - names == distortions | OF_TABLES | others


def test_augmented_searches_every_distortion() -> None:
    names = {parameter.name for parameter in load_space("augmented").parameters}
    assert {"shift", "rotation", "scale", "shear", "elastic", "elastic_sigma", "mixup"} <= names


def test_optimizers_get_their_own_parameters_and_no_others() -> None:
    momenta = {"beta_1", "beta_2"}
    own = {
        "adam": momenta | {"epsilon"},
        "adamw": momenta | {"epsilon", "weight_decay"},
        "nadam": momenta | {"epsilon"},
        "lion": momenta | {"weight_decay"},
        "rmsprop": {"rho", "momentum", "epsilon"},
        "sgd": {"momentum", "nesterov", "weight_decay"},
    }
    everything = set().union(*own.values())
    samples = sampled(load_space("wide"))
    assert {str(params["optimizer"]) for params in samples} == set(own)
    assert [p for p in samples if p.keys() & everything != own[str(p["optimizer"])]] == []
