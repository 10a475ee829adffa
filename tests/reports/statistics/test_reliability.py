"""Expected calibration error, what chance makes of it, and the points of a reliability figure."""

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics.intervals import clopper_pearson
from reports.statistics.reliability import (
    bin_count,
    calibration_error,
    effect,
    error_by_chance,
    reliability,
)


def two_classes(confidences: list[float], right: list[bool]) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities (n, 2) for the first class, above a half, and labels."""
    first = np.array(confidences)
    return np.stack([first, 1 - first], axis=1), np.where(right, 0, 1).astype(np.int32)


@pytest.mark.parametrize(
    ("n", "bins"), [(1, 1), (39, 1), (40, 2), (299, 14), (300, 15), (9000, 15)]
)
def test_bins_hold_20_answers_and_are_15_at_most(n: int, bins: int) -> None:
    assert bin_count(n) == bins


def test_answers_that_are_as_often_right_as_they_are_sure_have_no_error() -> None:
    confidences = [0.75] * 200 + [0.9] * 200
    right = [True, True, True, False] * 50 + ([True] * 9 + [False]) * 20
    found = reliability(*two_classes(confidences, right))
    assert found.error == pytest.approx(0, abs=1e-12)
    assert found.by_chance > 0.01
    expected = -(150 * np.log(0.75) + 50 * np.log(0.25) + 180 * np.log(0.9) + 20 * np.log(0.1))
    assert found.log_loss == pytest.approx(expected / 400)


def test_by_hand_two_bins_have_the_mean_of_their_gaps() -> None:
    confidences = [0.6] * 20 + [0.9] * 20
    right = [True] * 10 + [False] * 10 + [True] * 20
    found = reliability(*two_classes(confidences, right))
    assert found.error == pytest.approx((0.1 + 0.1) / 2)
    low, high = found.points
    assert (low.confidence, low.accuracy, low.n) == (pytest.approx(0.6), 0.5, 20)
    assert (high.confidence, high.accuracy, high.n) == (pytest.approx(0.9), 1.0, 20)
    own = clopper_pearson(10, 20)
    assert (low.low, low.high) == (own.low, own.high)


@given(
    st.lists(
        st.tuples(st.sampled_from([0.55, 0.6, 0.99, 1.0]), st.booleans()), min_size=1, max_size=120
    ),
    st.randoms(),
)
def test_the_order_of_answers_does_not_matter(
    drawn: list[tuple[float, bool]], random: object
) -> None:
    first = reliability(*two_classes(*map(list, zip(*drawn, strict=True))))  # type: ignore[arg-type]
    random.shuffle(drawn)  # type: ignore[attr-defined]
    again = reliability(*two_classes(*map(list, zip(*drawn, strict=True))))  # type: ignore[arg-type]
    assert again.error == pytest.approx(first.error, abs=1e-12)
    np.testing.assert_allclose(
        [astuple(one) for one in again.points], [astuple(one) for one in first.points]
    )
    assert sum(one.n for one in first.points) == len(drawn)
    for one in first.points:
        assert 0 <= one.low <= one.accuracy <= one.high <= 1


def test_true_confidences_show_about_the_error_that_chance_alone_is_said_to_make() -> None:
    rng = np.random.default_rng(1)
    confidences = np.sort(rng.uniform(0.6, 1, 400))
    expected = error_by_chance(confidences)
    drawn = [
        calibration_error(confidences, (rng.random(400) < confidences).astype(float))
        for _ in range(400)
    ]
    assert np.mean(drawn) == pytest.approx(expected, rel=0.06)
    assert error_by_chance(np.sort(rng.uniform(0.6, 1, 40_000))) < expected / 5


def test_the_change_of_log_loss_has_an_interval_over_what_belongs_together() -> None:
    rng = np.random.default_rng(2)
    sure = rng.uniform(0.5, 1, 500).tolist()
    before, labels = two_classes(sure, (rng.random(500) < 0.8).tolist())
    after, _ = two_classes(rng.uniform(0.5, 1, 500).tolist(), [True] * 500)
    alone = effect(before, after, labels, np.arange(500))
    twice = [np.concatenate([one, one]) for one in (before, after, labels)]
    together = effect(*twice, np.tile(np.arange(500), 2))  # type: ignore[arg-type]
    assert alone.n == 500
    assert together.n == 1000
    assert alone.change == pytest.approx(alone.after.log_loss - alone.before.log_loss)
    assert (together.low, together.high) == pytest.approx((alone.low, alone.high))
    changes = -np.log(after[np.arange(500), labels]) + np.log(before[np.arange(500), labels])
    half = 1.959964 * changes.std(ddof=1) / np.sqrt(500)
    assert (alone.low, alone.high) == pytest.approx((changes.mean() - half, changes.mean() + half))


def test_answers_about_one_thing_alone_say_nothing_of_the_change() -> None:
    before, labels = two_classes([0.7, 0.8], [True, True])
    found = effect(before, before, labels, np.zeros(2, np.intp))
    assert found.change == 0
    assert (found.low, found.high) == pytest.approx((-126 * np.log(2), 126 * np.log(2)))
