import pytest
from scipy import stats

from reports.statistics.crossed import Spread
from reports.statistics.power import (
    detectable,
    images_to_detect,
    seeds_to_detect,
    times_to_detect,
    with_images,
    with_seeds,
)

SPREAD = Spread(0.001, 5, 10_000, of_seeds=4e-7, df=8.0, of_images=1e-7, residual=1e-2)


def test_with_images_alone_it_is_the_textbook_sum_of_quantiles():
    spread = Spread(0.0, 5, 100, of_seeds=0.0, df=8.0, of_images=1e-4, residual=0.0)

    assert detectable(spread) == pytest.approx(0.01 * (1.95996 + 0.84162), rel=1e-5)


def test_the_seeds_found_are_the_fewest_that_detect():
    found = seeds_to_detect(SPREAD, 0.0015)

    assert found is not None
    assert detectable(with_seeds(SPREAD, found)) <= 0.0015
    assert detectable(with_seeds(SPREAD, found - 1)) > 0.0015


def test_the_images_found_are_the_fewest_that_detect():
    spread = Spread(0.001, 10, 1000, of_seeds=1e-7, df=18.0, of_images=1e-5, residual=1e-4)

    found = images_to_detect(spread, 0.003)

    assert found is not None
    assert detectable(with_images(spread, found)) <= 0.003
    assert detectable(with_images(spread, found - 1)) > 0.003


def test_no_number_of_seeds_helps_where_images_alone_blur_more():
    assert seeds_to_detect(SPREAD, 0.0002) is None
    assert times_to_detect(SPREAD, 0.0002) is not None


@pytest.mark.parametrize("gain", [0.0, -0.01])
def test_no_gain_is_detected_by_nothing(gain):
    assert seeds_to_detect(SPREAD, gain) is None
    assert images_to_detect(SPREAD, gain) is None
    assert times_to_detect(SPREAD, gain) is None


def test_more_images_shrink_only_what_images_cause():
    more = with_images(SPREAD, 20_000)

    assert more.of_images == pytest.approx(0.5e-7)
    # 1e-2 / (5 * 10,000) of the seeds' part is sampling of images, and halves.
    assert more.of_seeds == pytest.approx(4e-7 - 1e-7)


def test_power_is_what_it_says_for_welchs_test():
    # With seeds alone: the two-sided t test of a gain this large has power 0.8.
    spread = Spread(0.0, 10, 100, of_seeds=1e-6, df=18.0, of_images=0.0, residual=0.0)

    gain = detectable(spread)

    power = stats.nct.sf(stats.t.ppf(0.975, 18), 18, gain / 1e-3)
    assert power == pytest.approx(0.8, abs=0.01)
