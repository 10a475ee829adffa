import math

import numpy as np
import pytest

from reports.statistics.gain_left import gain_left, least_detectable, least_difference


def test_the_least_detectable_gain_is_that_of_the_formula():
    # Level 96 % of a first opening, power 80 %: z = 2.0537 + 0.8416.
    assert least_detectable(0.98, 10_000) == pytest.approx(2.8954 * math.sqrt(0.02 / 30_000), 1e-4)
    # Without an error one is taken, else anything could be detected.
    assert least_detectable(1.0, 100) == pytest.approx(least_detectable(0.99, 100))
    assert least_detectable(0.5, 1) == 1.0


def test_a_difference_of_any_measure_is_detected_by_the_variance_of_an_images_value():
    assert least_difference(0.02, 10_000) == pytest.approx(least_detectable(0.98, 10_000))
    # Of a measure without an upper end, so is the least difference.
    assert least_difference(100.0, 4) == pytest.approx(2.8954 * math.sqrt(100 / 12), 1e-4)


def test_no_trial_is_above_the_best_that_there_can_be():
    losses = (-np.linspace(0.01, 0.5, 30)).tolist()
    assert gain_left(losses, -0.01, 1000, ceiling=0.0) == pytest.approx(0.01)


def test_too_few_complete_trials_show_nothing():
    assert gain_left([0.9, 0.8] * 2, 0.9, 10) is None
    assert gain_left([0.9, None, None, None, None] * 6, 0.9, 10) is None
    assert gain_left([0.9, None, None, 0.8] * 6, 0.9, 10) is not None


def test_trials_that_did_not_complete_count_as_lower_than_the_others():
    upper = [0.91, 0.92, 0.93, 0.94, 0.95, 0.96]
    assert gain_left([*upper, *[None] * 6], 0.96, 9) == gain_left([*upper, *[0.2] * 6], 0.96, 9)


def test_equal_trials_leave_no_gain_and_accuracies_end_at_one():
    assert gain_left([0.9] * 30, 0.9, 100) == pytest.approx(0.0, abs=1e-12)
    assert gain_left(np.linspace(0.5, 0.99, 30).tolist(), 0.99, 1000) == pytest.approx(0.01)


def test_more_trials_and_a_larger_spread_leave_more():
    near, far = np.linspace(0.90, 0.91, 40).tolist(), np.linspace(0.80, 0.91, 40).tolist()
    assert gain_left(near, 0.91, 5) < gain_left(near, 0.91, 50) < gain_left(far, 0.91, 50)


@pytest.mark.slow
@pytest.mark.parametrize(("spread", "noise"), [(0.003, 0.0), (0.003, 0.0015), (0.001, 0.002)])
@pytest.mark.parametrize(("trials", "more"), [(20, 20), (40, 60), (80, 20)])
@pytest.mark.parametrize("pruned", [0.0, 0.7])
def test_in_95_of_100_searches_the_rest_brings_no_more(trials, more, spread, noise, pruned):
    # 1,000 searches: standard error 0.7 points.
    rng = np.random.default_rng(trials)
    held = 0
    for _ in range(1000):
        true = rng.normal(0.98, spread, trials + more)
        seen = true + rng.normal(0, noise, trials + more)
        first = seen[:trials]
        lowest = np.quantile(first, pruned)
        left = [one if one >= lowest else None for one in first.tolist()]
        bound = gain_left(left, first.max(), more)
        rise = seen.max() - first.max()
        held += max(rise, true[seen.argmax()] - true[first.argmax()]) <= bound + 1e-12
    assert held >= 950 - 14
