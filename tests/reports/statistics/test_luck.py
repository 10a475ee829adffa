import math

import numpy as np
import pytest

from reports.statistics.luck import expected_luck, expected_maximum, noise_of_one
from reports.statistics.luck_band import luck_bounds


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, 0.0),
        (2, 1 / math.sqrt(math.pi)),
        (3, 1.5 / math.sqrt(math.pi)),
        (10, 1.53875),  # tables of normal order statistics
        (100, 2.50759),
        (1000, 3.24144),
    ],
)
def test_the_expected_maximum_is_that_of_the_tables(count, expected):
    assert expected_maximum(count) == pytest.approx(expected, abs=2e-5)


def test_luck_grows_with_noise_and_configs():
    assert expected_luck(30, 0.0015) == pytest.approx(0.0031, abs=5e-5)
    assert expected_luck(1, 0.0015) == 0.0


def test_noise_adds_seeds_and_images():
    assert noise_of_one(0.0001, 0.04, 400) == pytest.approx(math.sqrt(0.0002))


@pytest.mark.slow
@pytest.mark.parametrize(("total", "df"), [(2, math.inf), (30, math.inf), (30, 8), (300, 8)])
def test_five_in_a_hundred_searches_among_equals_ever_leave_the_luck_band(total, df):
    # 20,000 searches: standard error 0.15 points.
    rng = np.random.default_rng(total)
    counts, bounds = luck_bounds(total, df)
    line = np.interp(np.arange(1, total + 1), counts, bounds)
    trials = rng.standard_normal((20_000, total))
    estimated = 1.0 if math.isinf(df) else np.sqrt(rng.chisquare(df, (20_000, 1)) / df)

    best = np.maximum.accumulate(trials, axis=1) - trials[:, :1]

    left = float(np.mean((best > estimated * line + 1e-12).any(axis=1)))
    assert 0.04 <= left <= 0.055


def test_the_band_begins_at_the_first_trial_and_widens():
    counts, bounds = luck_bounds(100_000)

    assert (counts[0], counts[-1], bounds[0]) == (1, 100_000, 0.0)
    assert len(counts) <= 62
    assert np.all(np.diff(counts) > 0)
    assert np.all(np.diff(bounds) > 0)
