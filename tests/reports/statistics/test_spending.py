"""The error that openings of one test split spend."""

import numpy as np
import pytest

from reports.statistics.spending import ERROR, error_of_opening, level_of_opening


def test_the_first_opening_has_most_of_the_error_and_the_others_what_is_left():
    assert [error_of_opening(k) for k in (1, 2, 3, 10)] == pytest.approx(
        [0.04, 0.005, 0.01 / 6, 0.01 / 90]
    )
    assert level_of_opening(1) == pytest.approx(0.96)


@pytest.mark.parametrize("openings", [1, 2, 30, 10_000])
def test_any_number_of_openings_spends_less_than_all_of_the_error(openings):
    spent = sum(error_of_opening(k) for k in range(1, openings + 1))
    assert spent == pytest.approx(ERROR - 0.01 / openings)


def test_thirty_answers_without_a_difference_are_false_on_one_side_in_less_than_three_per_cent():
    # Independent answers are the worst case of the union bound but for exclusive ones.
    rng = np.random.default_rng(5)
    p_values = rng.uniform(size=(20_000, 30))
    errors = np.array([error_of_opening(k) for k in range(1, 31)])
    assert (p_values < errors / 2).any(axis=1).mean() < 0.027


def test_there_is_no_opening_before_the_first():
    with pytest.raises(ValueError, match="openings are counted from 1, got 0"):
        error_of_opening(0)
