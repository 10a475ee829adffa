"""What chance alone makes of accuracies, held to simulation and to published numbers."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from reports.record import StudyRecord
from reports.statistics.noise import best_quantile, binomial_sd, expected_best, noise_of, wilson

MakeRecord = Callable[..., StudyRecord]


@pytest.mark.parametrize("k", [1, 2, 5, 30, 100, 1000])
def test_the_expected_best_agrees_with_simulation(k: int) -> None:
    rng = np.random.default_rng(3)
    simulated = rng.standard_normal((20_000, k)).max(axis=1).mean()
    # 20,000 draws leave an error below 0.01; Blom's formula is within 0.03.
    assert expected_best(k)[0] == pytest.approx(simulated, abs=0.035)


@pytest.mark.parametrize("q", [0.05, 0.5, 0.95])
def test_the_quantiles_of_the_best_agree_with_simulation(q: float) -> None:
    rng = np.random.default_rng(4)
    simulated = np.quantile(rng.standard_normal((20_000, 40)).max(axis=1), q)
    assert best_quantile(40, q)[0] == pytest.approx(simulated, abs=0.03)


def test_the_noise_of_one_accuracy_is_the_known_one() -> None:
    assert binomial_sd(0.984, 10_000) == pytest.approx(0.00125, abs=5e-6)
    assert binomial_sd(0.984, 5_000) == pytest.approx(0.00177, abs=5e-6)
    assert binomial_sd(0.984, 0) == 0.0


def test_the_score_interval_of_the_published_number_is_a_quarter_point_each_way() -> None:
    low, high = wilson(0.984, 10_000)
    # R: prop.test(9840, 10000, correct = FALSE)$conf.int
    assert (low, high) == pytest.approx((0.98134, 0.98628), abs=2e-5)


def test_the_score_interval_stays_inside_zero_and_one() -> None:
    assert wilson(1.0, 20)[1] <= 1.0 + 1e-12
    assert wilson(0.0, 20)[0] >= -1e-12


def test_the_noise_is_the_one_confirmation_found(make_record: MakeRecord) -> None:
    noise = noise_of(make_record(30))
    assert noise is not None
    assert noise.source == "measured by the confirmation"
    # The builder says: the best of 31 equal configs is expected 0.28 points ahead.
    assert noise.sd * expected_best(31)[0] == pytest.approx(0.0028)


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
    assert noise.source == "binomial, n = 10,000 validation images; seed noise is not included"


def test_without_any_accuracy_there_is_no_noise(make_record: MakeRecord) -> None:
    assert noise_of(make_record(0)) is None
    record = make_record(1, answer=None)
    broken = replace(record.trials[0], state="failed", accuracy=None)
    assert noise_of(replace(record, trials=(broken,))) is None
