"""Which trainings collapsed, and how many of all could."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reports.statistics.collapse import collapsed, most_that_could


def test_a_training_nearer_to_chance_than_to_the_best_collapsed() -> None:
    assert collapsed([0.98, 0.97, 0.1, 0.53, 0.55], best=0.98, chance=0.1) == 2


def test_with_two_classes_a_coin_is_a_collapse() -> None:
    assert collapsed([0.95, 0.5, 0.94], best=0.95, chance=0.5) == 1


def test_where_nothing_learns_nothing_collapses() -> None:
    assert collapsed([0.1, 0.1], best=0.1, chance=0.1) == 0


@pytest.mark.parametrize("trainings", [1, 5, 60])
def test_after_none_of_n_the_limit_has_its_closed_form(trainings: int) -> None:
    assert most_that_could(0, trainings) == pytest.approx(1 - 0.05 ** (1 / trainings))


@given(st.integers(1, 50).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))))
def test_at_the_limit_so_few_are_seen_one_time_in_twenty(drawn: tuple[int, int]) -> None:
    bad, trainings = drawn
    assert stats.binom.cdf(bad, trainings, most_that_could(bad, trainings)) == pytest.approx(0.05)


def test_when_all_collapsed_all_could() -> None:
    assert most_that_could(5, 5) == 1.0
