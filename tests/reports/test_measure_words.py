"""Tests of how a measure's values are written."""

import pytest

from reports.measure_words import (
    amount_words,
    best_word,
    difference_words,
    split_title,
    value_words,
)


@pytest.mark.parametrize(
    ("measure", "value", "gain", "amount", "title", "best"),
    [
        ("accuracy", "12.34 %", "+1.23 points", "1.23 points", "accuracy (n = 1,000)", "highest"),
        (
            "balanced_accuracy",
            "12.34 %",
            "+1.23 points",
            "1.23 points",
            "balanced accuracy (n = 1,000)",
            "highest",
        ),
        (
            "log_loss",
            "0.1234 nats",
            "−0.0123 nats",
            "0.0123 nats",
            "log loss (nats, lower is better, n = 1,000)",
            "lowest",
        ),
        (
            "brier_score",
            "0.1234",
            "−0.0123",
            "0.0123",
            "Brier score (lower is better, n = 1,000)",
            "lowest",
        ),
    ],
)
def test_each_measure_is_written_with_its_unit_and_in_its_own_direction(
    measure, value, gain, amount, title, best
):
    assert value_words(measure, 0.1234) == value
    assert difference_words(measure, 0.0123) == gain
    assert amount_words(measure, 0.0123) == amount
    assert split_title(measure, "test", "n = 1,000") == f"test {title}"
    assert best_word(measure) == best


def test_no_difference_is_no_negative_one():
    assert difference_words("log_loss", 0.0) == "+0.0000 nats"
    assert difference_words("accuracy", 0.0) == "+0.00 points"


@pytest.mark.parametrize("measure", ["accuracy", "log_loss"])
def test_what_is_not_known_is_a_dash(measure):
    assert value_words(measure, None) == "–"
    assert difference_words(measure, None) == "–"
