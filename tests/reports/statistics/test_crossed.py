import math

import numpy as np
import pytest
from scipy import stats

from reports.statistics.crossed import (
    Spread,
    half_width,
    interval_of,
    mean_accuracy,
    mean_difference,
)


def test_the_mean_difference_is_the_difference_of_the_mean_accuracies(draw):
    winner, baseline = draw(0.97, 0.95, 4, 500)

    spread = mean_difference(winner, baseline)

    assert spread.mean == pytest.approx(winner.mean() - baseline.mean())
    assert (spread.seeds, spread.n) == (4, 500)


def test_variance_components_are_those_of_the_two_way_table():
    # By hand: rows 2 seeds, columns 4 images; mean squares of the textbook's two-way table.
    correct = np.array([[1, 1, 0, 1], [1, 0, 0, 1]], dtype=bool)
    y = correct.astype(float)
    columns = y.mean(axis=0) - y.mean()
    rows = y.mean(axis=1) - y.mean()
    rest = y - y.mean() - columns - rows[:, None]
    ms_image, ms_residual = 2 * (columns**2).sum() / 3, (rest**2).sum() / 3

    spread = mean_accuracy(correct)

    assert spread.residual == pytest.approx(ms_residual)
    assert spread.of_images == pytest.approx((ms_image - ms_residual) / 8)
    assert spread.of_seeds == pytest.approx(np.var([0.75, 0.5], ddof=1) / 2)
    assert spread.df == 1


def test_identical_networks_differ_by_nothing_but_their_seeds_noise(draw):
    winner, _ = draw(0.97, 0.95, 5, 400)

    spread = mean_difference(winner, winner)

    assert spread.mean == 0
    assert spread.of_images == 0
    assert spread.of_seeds == pytest.approx(2 * winner.mean(axis=1).var(ddof=1) / 5)


def test_degrees_of_freedom_are_those_of_welch_1947():
    rng = np.random.default_rng(0)
    calm, wild = np.ones((5, 100), dtype=bool), rng.random((5, 100)) < 0.9

    assert mean_difference(calm, wild).df == pytest.approx(4)
    assert mean_difference(wild, wild).df == pytest.approx(10)
    assert mean_difference(calm, calm).df == 8


def test_half_widths_of_seeds_and_images_combine_by_their_squares():
    spread = Spread(0.0, 3, 100, of_seeds=0.0004, df=2.0, of_images=0.0001, residual=0.0)

    expected = math.hypot(stats.t.ppf(0.975, 2) * 0.02, stats.norm.ppf(0.975) * 0.01)

    assert half_width(spread, 0.95) == pytest.approx(expected)


def test_an_interval_is_wider_at_a_higher_level_and_holds_the_mean(draw):
    spread = mean_difference(*draw(0.97, 0.95, 4, 500))

    narrow, wide = interval_of(spread, 0.9), interval_of(spread, 0.99)

    assert wide.low < narrow.low < spread.mean < narrow.high < wide.high
    assert (narrow.level, wide.level) == (0.9, 0.99)


@pytest.mark.parametrize("shape", [(1, 50), (3, 1)])
def test_one_seed_or_one_image_has_no_spread(shape):
    message = f"at least 2 seeds and 2 images are needed, got {shape[0]} and {shape[1]}"
    with pytest.raises(ValueError, match=f"^{message}$"):
        mean_accuracy(np.ones(shape, dtype=bool))


def test_sides_of_different_shape_are_refused():
    with pytest.raises(ValueError, match=r"^shapes differ: \(2, 5\) and \(3, 5\)$"):
        mean_difference(np.ones((2, 5), dtype=bool), np.ones((3, 5), dtype=bool))


@pytest.mark.parametrize("seeds", [3, 5, 10, 20])
def test_intervals_cover_the_truth_in_93_to_97_percent_of_simulated_studies(seeds):
    # Normal seed effects and fixed image effects on a few hundred images; the benchmark
    # benchmarks/calibration.py does this with whole studies. 1,500 studies: standard error 0.56.
    rng = np.random.default_rng(seeds)
    covered = beats = 0
    for _ in range(1500):
        x = rng.normal(0, 2.5, 300)
        sides = [
            rng.random((seeds, 300)) >= 1 / (1 + np.exp(1.5 - x - u - s))
            for u, s in (
                (rng.normal(0, 0.7, 300), rng.normal(0, 0.15, (seeds, 1))) for _ in range(2)
            )
        ]
        interval = interval_of(mean_difference(*sides))
        covered += interval.low <= 0 <= interval.high
        beats += interval.low > 0

    assert 0.93 <= covered / 1500 <= 0.97
    assert beats / 1500 <= 0.025 + 2 * math.sqrt(0.025 * 0.975 / 1500)
