"""Scores of a measure: means as scikit-learn has them, and variances that its rows have."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score, brier_score_loss, log_loss

from reports.statistics.crossed import mean_accuracy, mean_difference
from reports.statistics.crossed_values import RowValues, difference_of_values, mean_of_values
from reports.statistics.intervals import half_width, of_accuracy, of_difference
from reports.statistics.scores import (
    Scores,
    mean_score,
    of_score,
    score_difference,
    scores,
)
from search_spaces.measures import ACCURACY, MEASURES
from study.data.row_values import row_values

LOSS, BRIER, BALANCED = (MEASURES[m] for m in ("log_loss", "brier_score", "balanced_accuracy"))


def drawn(seed: int, networks: int = 4, n: int = 60, classes: int = 3):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, n).astype(np.int32)
    logits = rng.normal(0, 1.5, (networks, n, classes)) + 2 * np.eye(classes)[labels]
    chances = np.exp(logits)
    return (chances / chances.sum(axis=2, keepdims=True)).astype(np.float32), labels


def scored(measure, chances, labels) -> Scores:
    correct = chances.argmax(axis=2) == labels
    if measure in (ACCURACY, BALANCED):
        return scores(measure, correct, labels)
    values = np.stack([row_values(measure.name, one, labels) for one in chances])
    return scores(measure, correct, labels, values)


@pytest.mark.parametrize(
    ("measure", "reference"),
    [
        (LOSS, lambda y, p: log_loss(y, p, labels=[0, 1, 2])),
        (BRIER, lambda y, p: brier_score_loss(y, p, labels=[0, 1, 2], scale_by_half=False)),
        (BALANCED, lambda y, p: balanced_accuracy_score(y, p.argmax(axis=1))),
        (ACCURACY, lambda y, p: float((p.argmax(axis=1) == y).mean())),
    ],
)
def test_a_score_is_the_mean_of_what_scikit_learn_has_for_each_network(measure, reference):
    chances, labels = drawn(1)
    own = scored(measure, chances, labels)
    exact = chances.astype(np.float64)
    expected = [reference(labels, one / one.sum(axis=1, keepdims=True)) for one in exact]
    assert [measure.oriented(one) for one in own.means] == pytest.approx(expected, abs=1e-6)
    assert own.value == pytest.approx(np.mean(expected), abs=1e-6)
    assert own.first(2).value == pytest.approx(np.mean(expected[:2]), abs=1e-6)


def test_accuracies_stay_beside_a_loss():
    chances, labels = drawn(2)
    own = scored(LOSS, chances, labels)
    assert own.accuracies.tolist() == (chances.argmax(axis=2) == labels).mean(axis=1).tolist()


@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(2, 80))
@settings(max_examples=40, deadline=None)
def test_scores_of_accuracy_are_answered_as_before_to_the_bit(seed, seeds, n):
    rng = np.random.default_rng(seed)
    winner, baseline = rng.random((2, seeds, n)) < 0.8
    labels = np.zeros(n, dtype=np.int32)
    groups = rng.integers(0, n, n).astype(np.int32)
    groups[0], groups[1] = 0, 1
    both = scores(ACCURACY, winner, labels), scores(ACCURACY, baseline, labels)
    for grouping in (None, groups):
        assert score_difference(*both, grouping) == mean_difference(winner, baseline, grouping)
        alone = mean_accuracy(winner, grouping)
        assert mean_score(both[0], grouping) == alone
        assert of_score(ACCURACY, alone, 0.96) == of_accuracy(alone, 0.96)


@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(4, 60))
@settings(max_examples=40, deadline=None)
def test_zeros_and_ones_as_values_have_the_variance_components_of_accuracies(seed, seeds, n):
    rng = np.random.default_rng(seed)
    winner, baseline = rng.random((2, seeds, n)) < 0.8
    sides = [RowValues(side.astype(np.float64), np.ones(n)) for side in (winner, baseline)]
    found, expected = difference_of_values(*sides), mean_difference(winner, baseline)
    for name in ("mean", "of_seeds", "df", "of_images", "residual", "sampling", "effective_n"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), abs=1e-12)


@given(st.integers(0, 10**6), st.integers(2, 5))
@settings(max_examples=30, deadline=None)
def test_balanced_classes_make_balanced_accuracy_accuracy(seed, seeds):
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(2), 100).astype(np.int32)
    winner, baseline = rng.random((2, seeds, 200)) < 0.8
    both = scores(BALANCED, winner, labels), scores(BALANCED, baseline, labels)
    found, expected = score_difference(*both), mean_difference(winner, baseline)
    assert found.mean == pytest.approx(expected.mean)
    assert found.of_seeds == pytest.approx(expected.of_seeds)
    # Classes are fixed here, which is worth a degree of freedom each.
    assert half_width(found, 0.95) == pytest.approx(half_width(expected, 0.95), rel=0.05)


def test_every_row_twice_as_a_group_changes_no_variance_component():
    chances, labels = drawn(3)
    twice = np.repeat(chances, 2, axis=1), np.repeat(labels, 2)
    groups = np.repeat(np.arange(60), 2).astype(np.int32)
    for measure in (LOSS, BRIER, BALANCED):
        once = mean_score(scored(measure, chances, labels))
        grouped = mean_score(scored(measure, *twice), groups)
        assert grouped.mean == pytest.approx(once.mean)
        assert grouped.of_seeds == pytest.approx(once.of_seeds)
        assert grouped.sampling == pytest.approx(once.sampling, rel=0.1)
        assert grouped.groups == 60
        if measure is not BALANCED:  # its deviations are inflated by the rows of a class
            assert grouped.of_images == pytest.approx(once.of_images)
            assert grouped.edge == pytest.approx(once.edge)
            assert grouped.skew == pytest.approx(once.skew)


def test_a_rare_class_makes_the_images_part_as_large_as_its_few_rows():
    rng = np.random.default_rng(4)
    labels = np.zeros(2000, dtype=np.int32)
    labels[:20] = 1
    correct = np.broadcast_to(rng.random(2000) < 0.5, (5, 2000))
    spread = mean_score(scores(BALANCED, correct, labels))
    rare, common = correct[0][:20].mean(), correct[0][20:].mean()
    expected = rare * (1 - rare) / 19 / 4 + common * (1 - common) / 1979 / 4
    assert spread.mean == pytest.approx((rare + common) / 2)
    assert spread.of_images == pytest.approx(expected, rel=0.01)


def test_one_row_of_a_large_loss_makes_the_interval_longer_on_its_side():
    losses = np.full((5, 200), 0.02) + np.random.default_rng(5).normal(0, 0.001, (5, 200))
    losses[:, 0] = 6.0
    labels = np.zeros(200, dtype=np.int32)
    spread = mean_score(scores(LOSS, losses < 0.7, labels, losses))
    interval = of_score(LOSS, spread, 0.95)
    assert spread.skew < -0.9
    assert spread.mean - interval.low > 2 * half_width(spread, 0.95)
    assert interval.high == min(0.0, spread.mean + half_width(spread, 0.95))


def test_equal_networks_that_are_sure_of_every_row_still_have_an_interval():
    losses = np.zeros((3, 50))
    labels = np.zeros(50, dtype=np.int32)
    own = scores(LOSS, losses < 1, labels, losses)
    interval = of_difference(score_difference(own, own), 0.95)
    assert interval.high == -interval.low == pytest.approx(1.959964 * math.log(2) / 50)


def test_intervals_end_where_a_measure_ends():
    values = np.zeros((2, 30))
    labels = np.zeros(30, dtype=np.int32)
    none_wrong = scores(LOSS, values < 1, labels, values)
    assert of_score(LOSS, mean_score(none_wrong), 0.95).high == 0.0
    all_right = scores(BALANCED, np.ones((2, 30), dtype=np.bool_), np.arange(30) % 2)
    interval = of_score(BALANCED, mean_score(all_right), 0.95)
    assert interval.high == 1.0
    # Two classes of 15 rows, each with Clopper and Pearson's limit, combined by their squares.
    assert interval.low == pytest.approx(1 - (1 - 0.025 ** (1 / 15)) / math.sqrt(2))


def test_a_loss_without_values_and_tables_of_other_shapes_are_refused():
    labels = np.zeros(4, dtype=np.int32)
    with pytest.raises(ValueError, match=r"^log loss needs the values of rows$"):
        scores(LOSS, np.ones((2, 4), dtype=np.bool_), labels)
    sides = [RowValues(np.zeros((2, n)), np.ones(n)) for n in (4, 5)]
    with pytest.raises(ValueError, match=r"^shapes differ: \(2, 4\) and \(2, 5\)$"):
        difference_of_values(*sides)


def test_a_class_of_one_row_counts_as_one_row():
    correct = np.ones((2, 11), dtype=np.bool_)
    labels = np.array([1] + [0] * 10, dtype=np.int32)
    spread = mean_score(scores(BALANCED, correct, labels))
    assert [one.effective_n for one in spread.strata] == [10.0, 1.0]
    assert of_score(BALANCED, spread, 0.95).low < 0.55


@pytest.mark.slow
@pytest.mark.parametrize("measure", [LOSS, BRIER, BALANCED])
def test_without_a_gain_few_answers_on_a_measure_see_one(measure):
    # benchmarks/calibration.py does this for many worlds. 1,500 answers: standard error 0.4.
    rng = np.random.default_rng(6)
    false = covered = 0
    for _ in range(1500):
        labels = (rng.random(150) < 0.2).astype(np.int32)
        labels[:2] = 0, 1
        rows = 3 + rng.normal(0, 3, 150)
        sides = []
        for _side in range(2):
            margins = rows + rng.normal(0, 0.7, 150) + rng.normal(0, 0.6, (5, 150))
            loss = np.logaddexp(0, -margins)
            values = loss if measure is LOSS else 2 * (1 - np.exp(-loss)) ** 2
            kept = None if measure is BALANCED else values
            sides.append(scores(measure, margins > 0, labels, kept))
        interval = of_difference(score_difference(*sides), 0.96)
        false += interval.low > 0
        covered += interval.low <= 0 <= interval.high
    assert false <= 0.025 * 1500 + 2 * math.sqrt(0.025 * 0.975 * 1500)
    assert covered >= 0.93 * 1500


def test_the_mean_of_values_needs_two_seeds_and_two_rows():
    with pytest.raises(
        ValueError, match=r"^at least 2 seeds and 2 images are needed, got 1 and 9$"
    ):
        mean_of_values(RowValues(np.zeros((1, 9)), np.ones(9)))
