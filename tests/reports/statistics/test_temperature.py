"""The temperature of probabilities: what it changes, what it leaves, and how it is found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import optimize

from reports.statistics.temperature import LEAST, MOST, fit_temperature, log_losses, tempered

PROBABILITIES = arrays.arrays(
    np.float64, st.tuples(st.integers(1, 12), st.integers(2, 5)), elements=st.floats(0, 1)
).filter(lambda found: bool((found.sum(axis=1) > 0).all()))


def answers(n: int, temperature: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities (n, 6) and labels (n,) that this temperature makes true."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(0, 2, (n, 6))
    true = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    labels = (rng.random((n, 1)) > true.cumsum(axis=1)[:, :-1]).sum(axis=1)
    return tempered(true, 1 / temperature), labels.astype(np.int32)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 1.7, 4.0])
def test_the_temperature_that_makes_answers_true_is_found_again(temperature: float) -> None:
    found = fit_temperature(*answers(20_000, temperature))
    assert found == pytest.approx(temperature, rel=0.03)


@given(PROBABILITIES, st.floats(LEAST, MOST))
def test_the_most_probable_class_stays_and_rows_sum_to_1(
    given_probabilities: np.ndarray, temperature: float
) -> None:
    probabilities = given_probabilities / given_probabilities.sum(axis=1, keepdims=True)
    found = tempered(probabilities, temperature)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    best = probabilities.argmax(axis=1)
    rows = np.arange(len(best))
    assert (found[rows, best] >= found.max(axis=1) * (1 - 1e-12)).all()


def test_a_temperature_of_1_changes_nothing_and_each_row_may_have_its_own() -> None:
    found = np.array([[0.7, 0.2, 0.1], [0.5, 0.5, 0.0]])
    np.testing.assert_allclose(tempered(found, 1.0), found, atol=1e-12)
    own = tempered(found, np.array([1.0, 2.0]))
    np.testing.assert_allclose(own[0], found[0])
    np.testing.assert_allclose(own[1], tempered(found[1:], 2.0)[0])


def test_by_hand_a_temperature_of_2_takes_square_roots() -> None:
    roots = np.sqrt([0.64, 0.32, 0.04])
    np.testing.assert_allclose(
        tempered(np.array([[0.64, 0.32, 0.04]]), 2.0)[0], roots / roots.sum()
    )


@given(st.integers(0, 10_000), st.integers(5, 60), st.floats(0.3, 4))
def test_it_is_the_minimum_that_a_general_search_finds(
    seed: int, n: int, temperature: float
) -> None:
    probabilities, labels = answers(n, temperature, seed)

    def loss(place: float) -> float:
        return float(log_losses(tempered(probabilities, 1 / place), labels).mean())

    found = optimize.minimize_scalar(loss, bounds=(1 / MOST, 1 / LEAST), method="bounded")
    fitted = fit_temperature(probabilities, labels)
    assert LEAST <= fitted <= MOST
    assert loss(1 / fitted) <= found.fun + 1e-9


def test_without_a_mistake_and_without_a_right_answer_it_stops_at_its_limits() -> None:
    sure = np.array([[0.9, 0.1], [0.2, 0.8]], np.float32)
    assert fit_temperature(sure, np.array([0, 1], np.int32)) == LEAST
    assert fit_temperature(sure, np.array([1, 0], np.int32)) == MOST
    certain = np.eye(2, dtype=np.float32)
    assert fit_temperature(certain, np.array([1, 1], np.int32)) == MOST


def test_a_row_costs_no_more_than_the_smallest_normal_number() -> None:
    found = log_losses(np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([1, 0], np.int32))
    np.testing.assert_allclose(found, [126 * np.log(2), np.log(2)])
