import optuna
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from search_spaces.domains import domain_contains
from search_spaces.optuna_domains import (
    ask_params,
    check_params,
    distribution,
    full_params,
    searched_params,
)
from search_spaces.parameters import Scalar, complete_params
from search_spaces.read import read_space
from search_spaces.space import ChoiceDomain, Domain, FloatDomain, IntDomain, Space


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        (IntDomain(1, 8), IntDistribution(1, 8)),
        (IntDomain(64, 1024, 64), IntDistribution(64, 1024, step=64)),
        (IntDomain(64, 1024, log=True), IntDistribution(64, 1024, log=True)),
        (FloatDomain(0.0, 0.5), FloatDistribution(0.0, 0.5)),
        (FloatDomain(0.1, 0.4, 0.1), FloatDistribution(0.1, 0.4, step=0.1)),
        (FloatDomain(1e-5, 0.1, log=True), FloatDistribution(1e-5, 0.1, log=True)),
        (ChoiceDomain((False, True)), CategoricalDistribution((False, True))),
    ],
)
def test_a_domain_becomes_the_distribution_over_its_values(
    domain: Domain, expected: BaseDistribution
) -> None:
    assert distribution(domain) == expected


@given(st.data())
def test_every_domain_is_taken_by_optuna_as_it_is(
    spaces: SearchStrategy[Space], data: DataObject
) -> None:
    # Optuna warns, and so fails here, where it must move a domain's high end
    for parameter in data.draw(spaces).parameters:
        found = distribution(parameter.domain)
        if not isinstance(found, CategoricalDistribution):
            assert (found.low, found.high) == (parameter.domain.low, parameter.domain.high)


@settings(max_examples=50)
@given(st.data())
def test_what_is_asked_is_a_point_of_the_space(
    spaces: SearchStrategy[Space], data: DataObject
) -> None:
    space = data.draw(spaces)
    optuna_study = optuna.create_study(
        sampler=optuna.samplers.RandomSampler(seed=data.draw(st.integers(0, 1000)))
    )
    domains = {parameter.name: parameter.domain for parameter in space.parameters}
    for _ in range(5):
        trial = optuna_study.ask({name: distribution(domain) for name, domain in domains.items()})
        asked = ask_params(space, lambda name, _, values=trial.params: values[name])
        assert all(domain_contains(domains[name], value) for name, value in asked.items())
        assert searched_params(space, asked) == asked
        complete = complete_params("asked", full_params(space, asked))
        assert check_params(space, complete, "asked") == []


CONDITIONAL = read_space(
    """\
name = "conditional"

[parameters.optimizer]
type = "choice"
values = ["adam", "sgd"]

[parameters.momentum]
type = "float"
low = 0.0
high = 0.9
when.optimizer = "sgd"

[parameters.depth]
type = "int"
low = 2
high = 5
when.epochs = 5

[fixed]
epochs = 5
batch_size = 128

[parameters.width]
type = "int"
low = 64
high = 1024
when.batch_size = 128
""",
    "conditional.toml",
)


@pytest.mark.parametrize(
    ("optimizer", "names"),
    [
        ("adam", ["depth", "width", "optimizer"]),
        ("sgd", ["depth", "width", "optimizer", "momentum"]),
    ],
)
def test_only_active_parameters_are_asked_for_in_the_spaces_order(
    optimizer: str, names: list[str]
) -> None:
    values: dict[str, Scalar] = {"optimizer": optimizer, "momentum": 0.5, "depth": 2, "width": 64}
    names_asked: list[str] = []

    def suggest(name: str, domain: BaseDistribution) -> Scalar:
        names_asked.append(name)
        assert domain._contains(domain.to_internal_repr(values[name]))
        return values[name]

    assert ask_params(CONDITIONAL, suggest) == {name: values[name] for name in names}
    assert names_asked == names


def test_a_condition_holds_on_a_grid_value_that_binary_fractions_miss() -> None:
    text = """\
name = "grid"

[parameters.dropout]
type = "float"
low = 0.0
high = 0.5
step = 0.1

[parameters.width]
type = "int"
low = 64
high = 1024
when.dropout = 0.3
"""
    space = read_space(text, "grid.toml")
    optunas: dict[str, Scalar] = {"dropout": 3 * 0.1, "width": 64}
    assert optunas["dropout"] != 0.3
    assert ask_params(space, lambda name, _: optunas[name]) == {"dropout": 0.3, "width": 64}
    assert searched_params(space, optunas) == {"dropout": 0.3, "width": 64}
