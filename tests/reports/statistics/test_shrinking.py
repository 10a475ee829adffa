from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics.shrinking import shrunken


def test_means_are_pulled_to_the_middle_by_their_own_noise() -> None:
    # Middle 4, variance of the means 4 + 0 + 4 over 2 = 4, mean noise 2: A = 2. Kept are
    # 2 / (2 + 4) = 1/3, 2 / (2 + 1) = 2/3 and 2 / (2 + 1) = 2/3.
    found = shrunken([6.0, 4.0, 2.0], [4.0, 1.0, 1.0])
    assert found == pytest.approx([4 + 2 / 3, 4.0, 4 - 4 / 3])


def test_a_lucky_mean_of_few_rows_falls_behind_a_sound_one() -> None:
    # Middle 0.75, variance 0.05 / 3, mean noise 0.003: A = 0.0136667.
    lucky, sound, *_ = shrunken([0.91, 0.89, 0.6, 0.6], [0.009, 0.001, 0.001, 0.001])
    assert lucky == pytest.approx(0.75 + 0.16 * _kept(0.009))
    assert sound == pytest.approx(0.75 + 0.14 * _kept(0.001))
    assert sound > lucky


def _kept(noise: float) -> float:
    between = (0.16**2 + 0.14**2 + 2 * 0.15**2) / 3 - 0.003
    return between / (between + noise)


def test_where_all_may_be_noise_all_are_equal() -> None:
    assert shrunken([1.0, 2.0, 3.0], [5.0, 5.0, 5.0]) == (2.0, 2.0, 2.0)


@pytest.mark.parametrize("means", [(), (0.7,)])
def test_fewer_than_two_stay_as_they_are(means: tuple[float, ...]) -> None:
    assert shrunken(means, [1.0] * len(means)) == means


@given(st.lists(st.floats(0, 1), min_size=2, max_size=20), st.floats(1e-9, 1))
def test_equal_noise_changes_no_order(means: list[float], noise: float) -> None:
    found = shrunken(means, [noise] * len(means))
    order = sorted(range(len(means)), key=lambda one: means[one])
    assert all(found[a] <= found[b] for a, b in pairwise(order))
