import math

import numpy as np
import pytest
from scipy import stats

from reports.statistics.crossed import Spread, mean_accuracy, mean_difference
from reports.statistics.intervals import (
    clopper_pearson,
    half_width,
    of_accuracy,
    of_difference,
    of_one_network,
)


def noise(rate, answers):
    """Return two standard errors of a share that is counted in so many simulated answers."""
    return 2 * math.sqrt(rate * (1 - rate) / answers)


@pytest.mark.parametrize("successes", [0, 1, 59, 60, 7.5])
def test_limits_are_those_of_the_exact_binomial_test(successes):
    interval = clopper_pearson(successes, 60)

    low = stats.beta.ppf(0.025, successes, 61 - successes) if successes else 0.0
    high = stats.beta.ppf(0.975, successes + 1, 60 - successes) if successes < 60 else 1.0
    assert (interval.low, interval.high) == pytest.approx((low, high))


def test_a_published_accuracy_has_about_a_quarter_of_a_point_each_way():
    interval = of_one_network(0.984, 10_000)

    # R: binom.test(9840, 10000)$conf.int
    assert (interval.low, interval.high) == pytest.approx((0.98134, 0.98637), abs=2e-5)


def test_half_widths_of_seeds_and_images_combine_by_their_squares():
    spread = Spread(0.0, 3, 100, of_seeds=0.0004, df=2.0, of_images=0.0001, residual=0.0)

    expected = math.hypot(stats.t.ppf(0.975, 2) * 0.02, stats.norm.ppf(0.975) * 0.01)

    assert half_width(spread, 0.95) == pytest.approx(expected)


def test_seeds_vary_at_least_as_sampling_of_images_makes_them():
    spread = Spread(0.0, 2, 9, of_seeds=0.0, df=1.0, of_images=0.0, residual=0.1, sampling=0.01)

    assert half_width(spread, 0.95) == pytest.approx(0.1 * stats.norm.ppf(0.975))


def test_with_equal_seeds_an_accuracy_has_the_limits_of_clopper_and_pearson():
    correct = np.ones((3, 100), dtype=bool)
    correct[:, :4] = False

    interval = of_accuracy(mean_accuracy(correct))

    exact = clopper_pearson(96, 100)
    assert (interval.low, interval.high) == pytest.approx((exact.low, exact.high))


def test_an_interval_is_wider_at_a_higher_level_and_holds_the_mean(draw):
    sides = draw(0.97, 0.95, 4, 500)
    for spread, interval_of in (
        (mean_difference(*sides), of_difference),
        (mean_accuracy(sides[0]), of_accuracy),
    ):
        narrow, wide = interval_of(spread, 0.9), interval_of(spread, 0.99)

        assert wide.low < narrow.low < spread.mean < narrow.high < wide.high
        assert (narrow.level, wide.level) == (0.9, 0.99)


def test_no_difference_is_larger_than_all_images():
    # Two seeds that disagree, at the level of a third opening: t is 24 with two degrees of freedom.
    spread = Spread(0.09, 2, 359, of_seeds=6e-3, df=2.0, of_images=1e-4, residual=0.1)

    interval = of_difference(spread, 0.9983)

    assert half_width(spread, 0.9983) > 1.09
    assert (interval.low, interval.high) == (-1.0, 1.0)


@pytest.mark.parametrize("wrong", [0, 1, 5, 20])
@pytest.mark.parametrize("seeds", [2, 5])
def test_no_interval_is_without_width(seeds, wrong):
    correct = np.arange(20) >= wrong
    equal = np.tile(correct, (seeds, 1))

    accuracy, difference = of_accuracy(mean_accuracy(equal)), mean_difference(equal, equal)

    assert 0 <= accuracy.low < accuracy.high <= 1
    assert half_width(difference, 0.95) > 0.1


def test_a_perfect_accuracy_may_be_three_in_n_from_perfection():
    interval = of_accuracy(mean_accuracy(np.ones((5, 300), dtype=bool)))

    assert (1 - interval.low, interval.high) == (pytest.approx(3.7 / 300, rel=0.01), 1.0)


@pytest.mark.parametrize("seeds", [3, 5, 10, 20])
def test_intervals_of_differences_cover_the_truth_in_94_to_99_percent_of_simulated_studies(seeds):
    # Normal seed effects and fixed image effects on a few hundred images; the benchmark
    # benchmarks/calibration.py does this with whole studies. 1,500 studies: standard error 0.56.
    rng = np.random.default_rng(seeds)
    covered = beats = 0
    for _ in range(1500):
        x = rng.normal(0, 2.5, 300)
        sides = [
            rng.random((seeds, 300)) >= 1 / (1 + np.exp(1.5 - x - u - s))
            for u, s in (
                (rng.normal(0, 0.7, 300), rng.normal(0, 0.15, (seeds, 1))) for _ in range(2)
            )
        ]
        interval = of_difference(mean_difference(*sides))
        covered += interval.low <= 0 <= interval.high
        beats += interval.low > 0

    assert 0.94 <= covered / 1500 <= 0.99
    assert beats / 1500 <= 0.025 + noise(0.025, 1500)


@pytest.mark.parametrize(("n", "accuracy"), [(60, 0.984), (360, 0.984), (360, 0.995)])
@pytest.mark.parametrize("seeds", [2, 5, 10])
def test_intervals_of_accuracies_near_one_lie_above_the_truth_in_at_most_3_percent(
    n, accuracy, seeds
):
    # Images err in all seeds, or in each with one half: 1,000 studies.
    rng = np.random.default_rng(n + seeds)
    covered = above = 0
    for _ in range(1000):
        always = rng.random(n) < (1 - accuracy) / 2
        at_times = rng.random(n) < 1 - accuracy
        wrong = always | (at_times & (rng.random((seeds, n)) < 0.5))
        truth = (1 - (1 - accuracy) / 2) * (1 - (1 - accuracy) / 2)
        interval = of_accuracy(mean_accuracy(~wrong))
        covered += interval.low <= truth <= interval.high
        above += interval.low > truth

    assert covered / 1000 >= 0.94
    assert above / 1000 <= 0.03
