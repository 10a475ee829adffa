"""What could be tried, compared or read without end comes to one."""

import itertools
import time

import pytest

from search_spaces.active import check_params
from search_spaces.parameters import PARAMETERS, FloatParameter
from search_spaces.read import read_space
from search_spaces.space import Space
from study.coordinator.asked_trials import AskedTrial
from study.coordinator.grid_and_qmc import grid_axes, grid_points
from study.coordinator.suggest import Asking

NUMBERS = [name for name, one in PARAMETERS.items() if isinstance(one, FloatParameter)]


def table(name: str, when: str = "") -> str:
    limits = PARAMETERS[name]
    assert isinstance(limits, FloatParameter)
    low, high = float(limits.low), float(limits.high)
    return f'[parameters.{name}]\ntype = "float"\nlow = {low}\nhigh = {high}\n{when}'


DEPTH = '[parameters.depth]\ntype = "int"\nlow = 1\nhigh = 8\n'


def conditional(when: str) -> Space:
    """A space whose numbers are all searched only where the depth is right."""
    many = "".join(table(name, f"when.depth = {when}\n") for name in NUMBERS)
    return read_space(f'name = "mine"\n{DEPTH}{many}', "mine.toml")


def asked(space: Space, count: int) -> list[AskedTrial]:
    notes: list[str] = []
    asking = Asking(space, "grid", 1, (), notes.append)
    trials = (asking.ask(number, number) for number in range(count))
    return [trial for trial in trials if trial is not None]


@pytest.mark.parametrize("when", ["4", "[2, 4]", "{low = 6, high = 6}"])
def test_a_grid_takes_a_value_for_every_condition(when: str) -> None:
    space = conditional(when)
    axis = grid_axes(space)["depth"]
    assert len(axis) == 6
    found = list(itertools.islice(grid_points(space, 1), 3000))
    assert any("dropout" in point for point in found)
    assert not [fault for point in found for fault in check_params(space, point, "point")]


def test_a_grid_of_mostly_equal_points_is_tried_without_waiting() -> None:
    space = conditional("4")
    began = time.process_time()
    trials = asked(space, 200)
    assert len(trials) == 200
    assert len({trial.config.key for trial in trials}) == 200
    assert time.process_time() - began < 60


def test_a_small_grid_holds_every_point() -> None:
    text = f'name = "mine"\n{DEPTH}' + "".join(
        f'[parameters.{name}]\ntype = "choice"\nvalues = [{low}, {high}]\nwhen.depth = 2\n'
        for name, low, high in (("dropout", 0.2, 0.5), ("momentum", 0.0, 0.9), ("ema", 0.0, 0.9))
    )
    space = read_space(text, "mine.toml")
    assert {str(sorted(point.items())) for point in grid_points(space, 1)} == {
        str(sorted(point.items()))
        for point in [
            *({"depth": depth} for depth in grid_axes(space)["depth"] if depth != 2),
            *(
                {"depth": 2, "dropout": a, "momentum": b, "ema": c}
                for a, b, c in itertools.product((0.2, 0.5), (0.0, 0.9), (0.0, 0.9))
            ),
        ]
    }


@pytest.mark.parametrize("chain", ["all", "one"])
def test_thirty_parameters_each_conditional_on_those_before_it_are_checked_at_once(
    chain: str,
) -> None:
    names = [name for name in NUMBERS if name != "learning_rate"][:30]
    tables = []
    for place, name in enumerate(names):
        before = names[:place] if chain == "all" else names[max(0, place - 1) : place]
        when = "".join(f"when.{other} = {{low = {PARAMETERS[other].low}}}\n" for other in before)
        tables.append(table(name, when))
    began = time.process_time()
    space = read_space(f'name = "mine"\n{"".join(tables)}', "mine.toml")
    assert len(space.parameters) == len(names)
    assert time.process_time() - began < 10


def test_beyond_the_points_drawn_a_grid_goes_on_and_holds_every_one() -> None:
    names = ("dropout", "momentum", "ema", "beta_1", "rho")
    many = "".join(table(name, "when.depth = 4\n") for name in names)
    space = read_space(f'name = "mine"\n{DEPTH}{many}', "mine.toml")
    distinct = {str(sorted(point.items())) for point in grid_points(space, 1)}
    assert len(distinct) == 5**5 + 5
