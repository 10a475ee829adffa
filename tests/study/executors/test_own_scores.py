"""A user's own network is scored by the study's measure, which may need probabilities."""

from dataclasses import dataclass

import numpy as np
import pytest

from study.data.row_values import row_values
from study.data.values import Examples
from study.engine.results import TrainingError
from study.executors.own_scores import OwnScores, Scored

HELD = Examples(np.zeros((4, 2), np.uint8), np.array([0, 1, 1, 1], np.int32))
FOUND = np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.4, 0.6]], np.float32)


@dataclass
class Answers:
    """Give the same answers to whatever it is asked."""

    found: np.ndarray

    def predict(self, rows, full_scale):
        del rows, full_scale
        return self.found


def scores(measure, found=FOUND, held=HELD):
    return OwnScores(Answers(found), held, 255.0, measure)


@pytest.mark.parametrize("measure", ["balanced_accuracy", "log_loss", "brier_score"])
def test_a_measure_is_the_mean_over_the_validation_rows(measure):
    rows = row_values(measure, FOUND, HELD.labels)
    own = scores(measure)
    assert own.after_an_epoch() == rows.mean()
    assert own.at_the_end() == Scored(0.75, float(rows.mean()), float(rows.std()))


def test_accuracy_is_all_that_is_asked_of_it_by_default():
    own = scores("accuracy", found=10 * FOUND)
    assert own.after_an_epoch() is None
    assert own.at_the_end() == Scored(0.75)


def test_without_validation_rows_nothing_is_scored():
    own = scores("log_loss", held=None)
    assert own.after_an_epoch() is None
    assert own.at_the_end() == Scored()


@pytest.mark.parametrize("measure", ["log_loss", "brier_score"])
def test_answers_that_are_no_probabilities_are_refused_where_they_are_needed(measure):
    title = {"log_loss": "log loss", "brier_score": "Brier score"}[measure]
    for found in (10 * FOUND, FOUND - 0.5):
        with pytest.raises(TrainingError) as caught:
            scores(measure, found).at_the_end()
        assert str(caught.value) == (
            f"{title} needs probabilities, and the model's answers are none; "
            "allowed: from 0 to 1, with a sum of 1 (softmax)"
        )
    assert scores("balanced_accuracy", 10 * FOUND).after_an_epoch() == pytest.approx(5 / 6)


def test_answers_that_are_no_finite_numbers_are_refused():
    with pytest.raises(TrainingError) as caught:
        scores("log_loss", FOUND * np.nan).at_the_end()
    assert str(caught.value) == "the model gives answers that are no finite numbers"
