"""The noise of one trial's accuracy, as records show it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from reports.record import StudyRecord
from reports.statistics.luck import expected_maximum
from reports.statistics.noise import binomial_sd, noise_of

MakeRecord = Callable[..., StudyRecord]


def test_the_noise_of_one_accuracy_is_the_known_one() -> None:
    assert binomial_sd(0.984, 10_000) == pytest.approx(0.00125, abs=5e-6)
    assert binomial_sd(0.984, 5_000) == pytest.approx(0.00177, abs=5e-6)
    assert binomial_sd(0.984, 0) == 0.0


def test_the_noise_is_the_one_confirmation_found(make_record: MakeRecord) -> None:
    noise = noise_of(make_record(30))
    assert noise is not None
    assert noise.source == "measured by the confirmation"
    # The builder says: the best of 31 equal configs is expected 0.28 points ahead.
    assert noise.sd * expected_maximum(31) == pytest.approx(0.0028)


def test_else_the_noise_comes_from_race_retrainings_where_there_are_enough(
    make_record: MakeRecord,
) -> None:
    record = make_record(30)
    assert record.confirmation is not None
    confirmation = replace(record.confirmation, optimism=None)
    noise = noise_of(replace(record, confirmation=confirmation))
    assert noise is not None
    assert noise.source == "spread of 12 race retrainings within 4 candidates"
    # The builder draws race accuracies with a standard deviation of 0.0012.
    assert 0.0005 < noise.sd < 0.0025
    fewer = replace(confirmation, retrainings=confirmation.retrainings[:5])
    binomial = noise_of(replace(record, confirmation=fewer))
    assert binomial is not None
    assert binomial.source.startswith("binomial, n = 10,000")


def test_without_retrainings_the_noise_is_binomial_and_says_so(make_record: MakeRecord) -> None:
    record = make_record(30, answer=None)
    noise = noise_of(record)
    assert noise is not None
    base = record.trials[0].accuracy
    assert base is not None
    assert noise.sd == pytest.approx(binomial_sd(base, 10_000))
    assert noise.source == "binomial, n = 10,000 on validation; seed noise is not included"


def test_without_any_accuracy_there_is_no_noise(make_record: MakeRecord) -> None:
    assert noise_of(make_record(0)) is None
    record = make_record(1, answer=None)
    broken = replace(record.trials[0], state="failed", accuracy=None)
    assert noise_of(replace(record, trials=(broken,))) is None
