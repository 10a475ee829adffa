"""Weighted rows: means, intervals and effective numbers, by values worked out by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from reports.statistics.intervals import of_difference
from reports.statistics.power import with_images
from reports.statistics.scores import (
    mean_score,
    of_one_score,
    of_score,
    score_difference,
    scores,
)
from reports.statistics.weighting import effective_n, largest
from search_spaces.measures import MEASURE_NAMES, MEASURES, scored_by

ACCURACY, LOSS, BALANCED = (
    MEASURES[scored_by(one, "w")] for one in ("accuracy", "log_loss", "balanced_accuracy")
)
# Ten rows: the weights sum to 20, their squares to 60.
WEIGHTS = np.array([4.0, 4.0, 2.0, 2.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0])
# Both networks are wrong on the first, the third and the last row.
RIGHT = np.array([[0, 1, 0, 1, 1, 1, 1, 1, 1, 0]] * 2, dtype=np.bool_)
LABELS = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], dtype=np.int32)


def test_the_effective_number_is_that_of_kish():
    assert effective_n(WEIGHTS) == pytest.approx(400 / 52)
    assert effective_n(np.full(7, 0.3)) == pytest.approx(7)
    groups = np.array([0, 0, 1, 1, 1, 2, 2, 2, 2, 2], dtype=np.int32)
    # Groups count 8, 6 and 6.
    assert effective_n(WEIGHTS, groups) == pytest.approx(400 / 136)
    assert largest(WEIGHTS) == 4.0
    assert largest(WEIGHTS, groups) == 8.0


def test_a_weighted_accuracy_has_the_interval_of_the_rows_that_it_is_worth():
    own = scores(ACCURACY, RIGHT, LABELS, weights=WEIGHTS)
    assert own.value == pytest.approx(13 / 20)
    assert own.accuracies == pytest.approx([0.7, 0.7])
    spread = mean_score(own)
    assert spread.weighted_n == pytest.approx(400 / 52)
    scaled, p = WEIGHTS / 2, 13 / 20
    # Linearised: both seeds agree, so that all variance is the rows'.
    own_rows = (RIGHT[0] - p) * scaled
    of_rows = own_rows.var(ddof=1) / 10
    size = 400 / 52
    errors = size * p * (1 - p)
    design = (size**2 * of_rows + 5) / (errors + 5)
    design = min(design, 2 * size / 10)
    n = size / design
    assert spread.strata[0].effective_n == pytest.approx(n)
    interval = of_score(ACCURACY, spread, 0.95)
    assert interval.low == pytest.approx(stats.beta.ppf(0.025, p * n, n - p * n + 1))
    assert interval.high == pytest.approx(stats.beta.ppf(0.975, p * n + 1, n - p * n))


def test_a_difference_of_weighted_accuracies_has_the_variance_of_its_rows():
    winner, base = RIGHT.copy(), RIGHT.copy()
    winner[:, 0] = True
    spread = score_difference(
        *(scores(ACCURACY, side, LABELS, weights=WEIGHTS) for side in (winner, base))
    )
    assert spread.mean == pytest.approx(4 / 20)
    scaled = WEIGHTS / 2
    rows = (np.eye(10)[0] - 0.2) * scaled
    assert spread.of_images == pytest.approx(rows.var(ddof=1) / 10)
    # One row is added as far from the mean as the farthest.
    farthest = max(abs(rows).max(), math.sqrt(2 * np.square(scaled).mean()))
    assert spread.edge == pytest.approx(farthest**2 / 100)
    assert spread.largest == 2.0


@pytest.mark.parametrize("asked", MEASURE_NAMES)
def test_whole_weights_have_the_mean_of_so_many_equal_rows(asked):
    rng = np.random.default_rng(2)
    correct, values = rng.random((3, 10)) < 0.7, rng.exponential(1, (3, 10))
    times = WEIGHTS.astype(int)
    own = scores(MEASURES[scored_by(asked, "w")], correct, LABELS, values, WEIGHTS)
    repeated = scores(
        MEASURES[asked],
        np.repeat(correct, times, 1),
        np.repeat(LABELS, times),
        np.repeat(values, times, 1),
    )
    assert own.value == pytest.approx(repeated.value)
    assert own.means == pytest.approx(repeated.means)
    # Repeated rows are no more rows, so that their interval is too narrow.
    assert mean_score(own).of_images > mean_score(repeated).of_images


@pytest.mark.parametrize("asked", ["balanced_accuracy", "log_loss", "brier_score"])
def test_equal_weights_have_the_intervals_of_none(asked):
    rng = np.random.default_rng(3)
    labels = np.arange(60, dtype=np.int32) % 3
    sides = [(rng.random((4, 60)) < 0.7, rng.exponential(1, (4, 60))) for _ in range(2)]
    plain = [scores(MEASURES[asked], *(one[0], labels, one[1])) for one in sides]
    own = MEASURES[scored_by(asked, "w")]
    same = [scores(own, one[0], labels, one[1], np.full(60, 0.2)) for one in sides]
    for one, other in (
        (of_score(own, mean_score(same[0])), of_score(MEASURES[asked], mean_score(plain[0]))),
        (of_difference(score_difference(*same)), of_difference(score_difference(*plain))),
    ):
        assert (one.low, one.high) == pytest.approx((other.low, other.high), rel=1e-9)


def test_equal_weights_have_nearly_the_intervals_of_accuracy():
    rng = np.random.default_rng(4)
    labels = np.zeros(400, dtype=np.int32)
    sides = [rng.random((4, 400)) < chance for chance in (0.9, 0.85)]
    plain = [scores(MEASURES["accuracy"], one, labels) for one in sides]
    same = [scores(ACCURACY, one, labels, weights=np.ones(400)) for one in sides]
    alone = (
        of_score(ACCURACY, mean_score(same[0])),
        of_score(MEASURES["accuracy"], mean_score(plain[0])),
    )
    assert (alone[0].low, alone[0].high) == pytest.approx((alone[1].low, alone[1].high), abs=1e-9)
    both = of_difference(score_difference(*same)), of_difference(score_difference(*plain))
    assert both[0].low == pytest.approx(both[1].low, abs=0.004)
    assert both[0].high == pytest.approx(both[1].high, abs=0.004)


def test_rows_that_count_nothing_change_no_mean_and_no_variance_of_it():
    rng = np.random.default_rng(5)
    correct = rng.random((3, 40)) < 0.8
    labels = np.arange(40, dtype=np.int32) % 2
    weights = rng.random(40) + 0.5
    more = np.concatenate((correct, np.zeros((3, 40), np.bool_)), axis=1)
    both = np.concatenate((labels, labels))
    idle = np.concatenate((weights, np.zeros(40)))
    for measure in (ACCURACY, BALANCED):
        one = mean_score(scores(measure, correct, labels, weights=weights))
        other = mean_score(scores(measure, more, both, weights=idle))
        assert other.mean == pytest.approx(one.mean)
        assert other.of_images == pytest.approx(one.of_images, rel=0.15)
        assert other.weighted_n == pytest.approx(one.weighted_n)


def test_more_test_rows_are_worth_more_weighted_ones():
    spread = mean_score(scores(ACCURACY, RIGHT, LABELS, weights=WEIGHTS))
    assert with_images(spread, 30).weighted_n == pytest.approx(3 * 400 / 52)


@pytest.mark.slow
def test_the_interval_of_a_weighted_accuracy_covers_the_truth():
    # benchmarks/calibration.py --weighted does this for many worlds. Standard error 0.6.
    rng = np.random.default_rng(7)
    false = covered = 0
    for _ in range(1500):
        weights = np.exp(0.7 * rng.standard_normal(300))
        labels = np.zeros(300, dtype=np.int32)
        rows = 3 + rng.normal(0, 3, 300)
        sides = [
            scores(
                ACCURACY,
                rows + rng.normal(0, 0.7, 300) + rng.normal(0, 0.6, (5, 300)) > 0,
                labels,
                weights=weights,
            )
            for _side in range(2)
        ]
        interval = of_difference(score_difference(*sides), 0.96)
        false += interval.low > 0
        covered += interval.low <= 0 <= interval.high
    assert false <= 0.025 * 1500 + 2 * math.sqrt(0.025 * 0.975 * 1500)
    assert covered >= 0.93 * 1500


def test_one_network_has_the_limits_of_the_rows_that_count():
    own = scores(ACCURACY, RIGHT[:1], LABELS, weights=WEIGHTS)
    p, n = 13 / 20, 400 / 52
    interval = of_one_score(own)
    assert interval.low == pytest.approx(stats.beta.ppf(0.025, p * n, n - p * n + 1))
    assert interval.high == pytest.approx(stats.beta.ppf(0.975, p * n + 1, n - p * n))
    all_right = of_one_score(scores(BALANCED, RIGHT[:1] | True, LABELS, weights=WEIGHTS))
    assert all_right.high == 1.0
    sizes = [effective_n(WEIGHTS[one == LABELS]) for one in (0, 1)]
    halves = [1 - 0.025 ** (1 / size) for size in sizes]
    assert all_right.low == pytest.approx(1 - math.hypot(*halves) / 2)


def test_one_networks_loss_has_the_variance_of_its_rows_and_one_row_more():
    losses = np.linspace(0.1, 2.0, 10)[np.newaxis]
    interval = of_one_score(scores(LOSS, RIGHT[:1], LABELS, losses, WEIGHTS))
    mean = -np.average(losses[0], weights=WEIGHTS)
    rows = (-losses[0] - mean) * WEIGHTS / 2
    farthest = max(np.abs(rows).max(), math.log(2))
    half = 1.959964 * math.sqrt(rows.var(ddof=1) / 10 + farthest**2 / 100)
    assert (interval.low, interval.high) == pytest.approx((mean - half, min(0.0, mean + half)))
