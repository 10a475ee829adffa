"""Row values have the measure as their plain mean, as scikit-learn computes it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, balanced_accuracy_score, brier_score_loss, log_loss
from sklearn.utils.class_weight import compute_class_weight

from search_spaces.measures import MEASURE_NAMES
from study.data.row_values import row_values, row_weights, training_weights

CLASSES = 4


@st.composite
def predictions(draw):
    """Return probabilities (n, classes), labels of which some classes may be absent, weights."""
    n = draw(st.integers(2, 60))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    found = rng.dirichlet(np.ones(CLASSES), n).astype(np.float32)
    labels = rng.integers(0, CLASSES, n).astype(np.int32)
    return found, labels, rng.uniform(0.1, 5.0, n)


def theirs(measure, found, labels, weights=None):
    if measure == "log_loss":
        exact = found.astype(np.float64)
        exact /= exact.sum(axis=1, keepdims=True)
        return log_loss(labels, exact, labels=range(CLASSES), sample_weight=weights)
    if measure == "brier_score":
        return brier_score_loss(
            labels, found, sample_weight=weights, labels=range(CLASSES), scale_by_half=False
        )
    score = accuracy_score if measure == "accuracy" else balanced_accuracy_score
    return score(labels, found.argmax(axis=1), sample_weight=weights)


@pytest.mark.parametrize("measure", MEASURE_NAMES)
@given(predictions())
@pytest.mark.filterwarnings("ignore::UserWarning:sklearn")
def test_the_plain_mean_is_scikit_learns(measure, given_predictions):
    found, labels, weights = given_predictions
    assert row_values(measure, found, labels).mean() == pytest.approx(
        theirs(measure, found, labels), rel=1e-4, abs=1e-6
    )
    assert row_values(measure, found, labels, weights).mean() == pytest.approx(
        theirs(measure, found, labels, weights), rel=1e-4, abs=1e-6
    )


def test_a_probability_of_0_costs_87_nats():
    found = np.array([[0.0, 1.0], [1.0, 0.0]], np.float32)
    values = row_values("log_loss", found, np.array([0, 0], np.int32))
    assert values == pytest.approx([87.3365, 0.0], abs=1e-3)


@given(predictions())
def test_balanced_classes_count_as_scikit_learn_has_them(given_predictions):
    _, labels, weights = given_predictions
    there = np.unique(labels)
    by_class = compute_class_weight("balanced", classes=there, y=labels)
    expected = dict(zip(there, by_class, strict=True))
    found = training_weights("balanced", labels)
    assert found == pytest.approx([expected[label] for label in labels])
    weighted = training_weights("balanced", labels, weights)
    sums = np.bincount(labels, weights=weighted)[there]
    assert sums == pytest.approx([len(labels) / len(there)] * len(there))


@given(predictions(), st.floats(1e-6, 1e6))
def test_only_the_proportions_of_weights_count(given_predictions, factor):
    _, labels, weights = given_predictions
    assert training_weights("none", labels, factor * weights) == pytest.approx(
        weights / weights.mean()
    )
    assert training_weights("none", labels).tolist() == [1.0] * len(labels)
    assert row_weights("log_loss", labels, weights).mean() == pytest.approx(1.0)


def test_no_rows_have_no_weights():
    none = np.empty(0, np.int32)
    assert training_weights("balanced", none).tolist() == row_weights("log_loss", none).tolist()
