import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy

from search_spaces.active import check_params, full_params, is_active, searched_params
from search_spaces.parameters import PARAMETERS, Params, complete_params
from search_spaces.read import read_space
from search_spaces.space import Space

# momentum depends on optimizer, nesterov on momentum: a chain
CHAIN = read_space(
    """\
name = "chain"

[parameters.optimizer]
type = "choice"
values = ["adam", "sgd"]

[parameters.momentum]
type = "float"
low = 0.0
high = 0.9
when.optimizer = "sgd"

[parameters.nesterov]
type = "choice"
values = [false, true]
when.momentum = { low = 0.5 }

[parameters.width]
type = "int"
low = 64
high = 1024
when.depth = 2

[fixed]
depth = 2
epochs = 9

[baseline]
epochs = 9
""",
    "chain.toml",
)


@pytest.mark.parametrize(
    ("params", "active"),
    [
        ({"depth": 2}, ["width", "optimizer"]),
        ({"depth": 2, "optimizer": "adam"}, ["width", "optimizer"]),
        ({"depth": 2, "optimizer": "sgd"}, ["width", "optimizer", "momentum"]),
        ({"optimizer": "sgd", "momentum": 0.4}, ["optimizer", "momentum"]),
        ({"optimizer": "sgd", "momentum": 0.5}, ["optimizer", "momentum", "nesterov"]),
        ({"momentum": 0.5}, ["optimizer", "nesterov"]),
    ],
)
def test_a_parameter_is_active_where_all_its_conditions_hold(
    params: Params, active: list[str]
) -> None:
    assert [p.name for p in CHAIN.parameters if is_active(p, params)] == active


@pytest.mark.parametrize(
    ("params", "searched"),
    [
        ({"width": 64, "epochs": 9, "depth": 2}, {"width": 64}),
        ({"optimizer": "adam", "momentum": 0.8}, {"optimizer": "adam"}),
        (
            {"nesterov": True, "momentum": 0.5, "optimizer": "sgd"},
            {"optimizer": "sgd", "momentum": 0.5, "nesterov": True},
        ),
        ({"optimizer": "adam", "momentum": 0.8, "nesterov": True}, {"optimizer": "adam"}),
    ],
)
def test_what_is_searched_of_params_is_the_active_part_in_order(
    params: Params, searched: Params
) -> None:
    found = searched_params(CHAIN, params)
    assert list(found.items()) == list(searched.items())


def test_full_params_are_the_fixed_and_the_searched_ones() -> None:
    assert full_params(CHAIN, {"width": 64}) == {"depth": 2, "epochs": 9, "width": 64}


ALL = ", ".join(PARAMETERS)
OUTSIDE = "outside the search space"
WIDTHS = "allowed: a whole number from 64 to 1024"


@pytest.mark.parametrize(
    ("params", "faults"),
    [
        ({}, []),
        ({"width": 64, "optimizer": "sgd", "momentum": 0.5, "nesterov": True}, []),
        ({"optimizer": "adam", "momentum": 0.0, "depth": 2, "dropout": 0.2}, []),
        # the optimizer is left to the sampler: whether momentum is active is not known
        ({"momentum": 0.5}, []),
        ({"width": 32}, [f"q.json width: {OUTSIDE}; got 32; {WIDTHS}"]),
        (
            {"optimizer": "adam", "momentum": 0.5},
            ["q.json momentum: not active with these values; got 0.5; allowed: 0.0"],
        ),
        (
            {"optimizer": "sgd", "momentum": 0.2, "nesterov": True},
            ["q.json nesterov: not active with these values; got true; allowed: false"],
        ),
        ({"depth": 3}, ["q.json depth: not searched; got 3; allowed: 2"]),
        ({"dropout": 0.5}, ["q.json dropout: not searched; got 0.5; allowed: 0.2"]),
        (
            {"wdith": 64, "nesterov": 1},
            [
                f"q.json wdith: unknown parameter 'wdith'; got wdith; allowed: {ALL}",
                "q.json nesterov: value not allowed for nesterov; got 1; allowed: false, true",
            ],
        ),
    ],
)  # fmt: skip
def test_params_are_held_to_the_space(params: Params, faults: list[str]) -> None:
    assert [str(fault) for fault in check_params(CHAIN, params, "q.json")] == faults


@given(st.data())
def test_every_baseline_is_a_point_of_its_space_and_comes_back_whole_from_its_searched_part(
    spaces: SearchStrategy[Space], data: DataObject
) -> None:
    space = data.draw(spaces)
    baseline = complete_params("baseline", space.baseline.params)
    assert check_params(space, baseline, "baseline") == []
    searched = searched_params(space, baseline)
    assert complete_params("trial 0", full_params(space, searched)) == baseline
