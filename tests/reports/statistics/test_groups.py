"""Images that belong together count as one where images vary."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reports.statistics.crossed import mean_accuracy, mean_difference
from reports.statistics.groups import by_groups, count_groups, effective_groups
from reports.statistics.intervals import half_width, of_accuracy, of_difference
from reports.statistics.power import detectable, with_images


@st.composite
def tables(draw):
    """Draw who was correct, two sides (seeds, n) of 2 to 5 seeds and 2 to 30 images."""
    seeds, n = draw(st.integers(2, 5)), draw(st.integers(2, 30))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    share = draw(st.sampled_from([0.0, 0.1, 0.5, 1.0]))
    return tuple(rng.random((seeds, n)) >= share for _ in range(2))


@given(tables(), st.integers(2, 7))
def test_copies_of_every_image_in_groups_are_worth_one_each(sides, copies):
    groups = np.repeat(np.arange(sides[0].shape[1]), copies).astype(np.int32)
    repeated = tuple(np.repeat(side, copies, axis=1) for side in sides)

    for alone, grouped in (
        (mean_difference(*sides), mean_difference(*repeated, groups)),
        (mean_accuracy(sides[0]), mean_accuracy(repeated[0], groups)),
    ):
        n = alone.n
        assert (grouped.n, grouped.groups, grouped.images_df) == (copies * n, n, n - 1)
        for part in ("mean", "of_seeds", "df", "of_images", "residual", "sampling", "edge"):
            assert getattr(grouped, part) == pytest.approx(getattr(alone, part), abs=1e-12)
        assert grouped.effective_n == pytest.approx(alone.effective_n)


@given(tables(), st.randoms(use_true_random=False))
def test_groups_of_one_image_are_no_groups(sides, random):
    numbers = list(range(sides[0].shape[1]))
    random.shuffle(numbers)
    groups = np.array(numbers, np.int32)

    assert mean_difference(*sides, groups) == mean_difference(*sides)
    assert mean_accuracy(sides[0], groups) == mean_accuracy(sides[0])


@given(tables(), st.integers(0, 2**32 - 1))
def test_neither_the_order_of_images_nor_the_numbers_of_groups_matter(sides, seed):
    rng = np.random.default_rng(seed)
    n = sides[0].shape[1]
    groups = np.concatenate(([0, 1], rng.integers(0, 5, n - 2))).astype(np.int32)
    order, names = rng.permutation(n), rng.permutation(50).astype(np.int32)

    found = mean_difference(*sides, groups)
    other = mean_difference(*(side[:, order] for side in sides), names[groups[order]])

    assert found.groups == other.groups
    for part in ("mean", "of_seeds", "of_images", "sampling", "edge", "effective_n"):
        assert getattr(found, part) == pytest.approx(getattr(other, part), abs=1e-12)


def test_the_images_part_is_the_cluster_robust_variance_of_the_mean():
    # One group of three and two of one; the networks of all seeds agree.
    right = np.array([1, 1, 1, 0, 1], dtype=bool)
    groups = np.array([0, 0, 0, 1, 2], np.int32)
    deviations = np.array([3 * 0.2, -0.8, 0.2])

    spread = mean_accuracy(np.tile(right, (4, 1)), groups)

    assert spread.residual == pytest.approx(0)
    assert spread.of_images == pytest.approx(3 / 2 * (deviations**2).sum() / 5**2)
    assert effective_groups(groups, 5) == pytest.approx(25 / 11)
    assert spread.images_df == pytest.approx(25 / 11 - 1)


def test_outcomes_of_groups_keep_the_mean_of_each_seed():
    y = np.random.default_rng(0).random((3, 7))
    groups = np.array([4, 4, 4, 1, 1, 0, 2], np.int32)

    found = by_groups(y, groups)

    assert found.shape == (3, 4)
    assert found.mean(axis=1) == pytest.approx(y.mean(axis=1))


def test_groups_are_counted_unless_each_image_is_one():
    assert count_groups(None) is None
    assert count_groups(np.array([2, 0, 1], np.int32)) is None
    assert count_groups(np.array([2, 0, 2], np.int32)) == 2


def test_few_groups_take_students_quantile_in_place_of_the_normal_one():
    spread = mean_difference(
        np.tile(np.arange(40) % 8 < 3, (3, 1)), np.tile(np.arange(40) % 8 < 2, (3, 1))
    )
    grouped = replace(spread, images_df=4.0)

    ratio = stats.t.ppf(0.975, 4) / stats.norm.ppf(0.975)

    assert half_width(grouped, 0.95) == pytest.approx(ratio * half_width(spread, 0.95))


def test_all_images_in_one_group_show_nothing():
    message = "at least 2 seeds and 2 images are needed, got 3 and 1"
    with pytest.raises(ValueError, match=f"^{message}$"):
        mean_accuracy(np.ones((3, 9), dtype=bool), np.zeros(9, np.int32))


def test_with_more_images_there_are_more_groups_of_the_same_sizes(draw):
    groups = (np.arange(600) // 5).astype(np.int32)
    spread = mean_difference(*draw(0.97, 0.95, 4, 600), groups)

    more = with_images(spread, 6000)

    assert (more.n, more.groups, more.images_df) == (6000, 1200, pytest.approx(1199))
    assert detectable(more) < detectable(spread)
    assert math.isinf(with_images(replace(spread, groups=None, images_df=math.inf), 10).images_df)


@pytest.mark.slow
@pytest.mark.parametrize("size", [2, 5, 20])
def test_intervals_over_groups_hold_where_images_of_a_group_err_together(size):
    # 100 groups, three seeds that err on the same of them: 500 answers, standard error 1.
    rng = np.random.default_rng(size)
    groups = np.repeat(np.arange(100), size).astype(np.int32)
    missed = alone = above = 0
    for _ in range(500):
        hard = rng.random(100)
        sides = [np.tile(hard + rng.normal(0, 0.2, 100) < 0.8, (3, 1))[:, groups] for _ in range(2)]
        interval = of_difference(mean_difference(*sides, groups))
        missed += not interval.low <= 0 <= interval.high
        without = of_difference(mean_difference(*sides))
        alone += not without.low <= 0 <= without.high
        above += of_accuracy(mean_accuracy(sides[0], groups)).low > 0.7834
    assert missed <= 0.06 * 500
    assert above <= 0.03 * 500
    assert alone > {2: 0.1, 5: 0.3, 20: 0.6}[size] * 500


def test_errors_in_the_large_groups_make_an_accuracy_vary_more_than_equal_groups_would():
    groups = np.repeat(np.arange(41), [20] + 40 * [1]).astype(np.int32)
    large, small = np.ones((3, 60), dtype=bool), np.ones((3, 60), dtype=bool)
    large[:, :20], small[:, 40:] = False, False

    in_large, in_small = (of_accuracy(mean_accuracy(side, groups)) for side in (large, small))

    # n* is 3600 / 440; the one large group is all of the errors, or none.
    assert effective_groups(groups, 60) == pytest.approx(3600 / 440)
    assert in_large.low < in_small.low < 2 / 3
    assert in_large.high > in_small.high > 2 / 3
