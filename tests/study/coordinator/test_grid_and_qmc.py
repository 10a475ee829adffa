"""Grid and quasi-Monte Carlo stay inside the space, repeat by seed and cover it."""

import itertools
import math
from dataclasses import replace

import pytest
from optuna.distributions import FloatDistribution, IntDistribution

from search_spaces.active import check_params
from search_spaces.read import load_space
from search_spaces.space import ChoiceDomain, FloatDomain, IntDomain, SearchedParameter
from study.coordinator.grid_and_qmc import grid_points, grid_values, qmc_points, value_at
from study.coordinator.int_as_float import modelled, rounded


@pytest.mark.parametrize("points", [grid_points, qmc_points])
def test_points_lie_in_the_space_and_repeat_by_seed(space, points):
    found = list(itertools.islice(points(space, 3), 60))
    assert [fault for one in found for fault in check_params(space, one, "point")] == []
    assert found == list(itertools.islice(points(space, 3), 60))
    assert found != list(itertools.islice(points(space, 4), 60))


def test_a_grid_holds_every_combination_once(space):
    found = list(grid_points(space, 1))
    assert len(found) == 5 * 2 * 5 * 5
    assert len({str(one) for one in found}) == 5 * 5 + 5 * 5 * 5


def test_a_grid_may_have_more_points_than_64_bits_can_count():
    wide = load_space("wide")
    mixup = SearchedParameter("mixup", FloatDomain(0.0, 0.4))
    space = replace(wide, parameters=(*wide.parameters, mixup))
    assert math.prod(len(grid_values(one.domain)) for one in space.parameters) > 2**63
    first = list(itertools.islice(grid_points(space, 1), 50))
    assert len({str(one) for one in first}) > 40
    assert first == list(itertools.islice(grid_points(space, 1), 50))


@pytest.mark.parametrize(
    ("domain", "values"),
    [
        (IntDomain(1, 4), (1, 2, 3, 4)),
        (IntDomain(1, 16, log=True), (1, 2, 4, 8, 16)),
        (FloatDomain(0.0, 1.0), (0.0, 0.25, 0.5, 0.75, 1.0)),
        (FloatDomain(0.0, 0.5, step=0.25), (0.0, 0.25, 0.5)),
        (ChoiceDomain(("a", "b")), ("a", "b")),
    ],
)
def test_a_grid_takes_few_values_whole_and_many_evenly(domain, values):
    found = grid_values(domain)
    assert found == (values if isinstance(domain, ChoiceDomain) else pytest.approx(values))


@pytest.mark.parametrize("domain", [IntDomain(3, 9, step=2), FloatDomain(0.1, 0.3, step=0.1)])
def test_shares_reach_both_ends_and_nothing_beyond(domain):
    assert value_at(domain, 0.0) == domain.low
    assert value_at(domain, 1.0) == pytest.approx(domain.high)


def test_wide_whole_numbers_are_modelled_as_real_ones_and_rounded_back():
    wide, narrow = IntDistribution(10, 410, step=10), IntDistribution(1, 8)
    assert modelled(narrow) is narrow
    assert modelled(wide) == FloatDistribution(5.0, 415.0)
    assert [rounded(wide, x) for x in (5.0, 14.9, 15.1, 412.0, 415.0)] == [10, 10, 20, 410, 410]
