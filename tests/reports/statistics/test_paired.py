import numpy as np
import pytest

from reports.record import PairTest
from reports.statistics.intervals import clopper_pearson
from reports.statistics.paired import exact_mcnemar, outperforming


def test_mcnemar_counts_images_that_exactly_one_network_got_right():
    winner = np.array([True, True, True, True, True, True, False, True])
    baseline = np.array([True, False, False, False, False, False, True, True])

    # Two-sided binomial of 5 against 1: 2 (1 + 6) / 64.
    assert exact_mcnemar(winner, baseline) == PairTest(5, 1, pytest.approx(14 / 64))


def test_networks_that_agree_on_every_image_are_no_evidence():
    same = np.array([True, False, True])

    assert exact_mcnemar(same, same) == PairTest(0, 0, 1.0)


def test_a_tie_counts_as_half_a_win():
    chance, interval = outperforming([0.9, 0.8, 0.7, 0.6], [0.8, 0.8, 0.8, 0.5])

    assert chance == 2.5 / 4
    assert 0 < interval.low < chance < interval.high < 1


def test_unpaired_retrainings_are_refused():
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        outperforming([0.9, 0.8], [0.9])


@pytest.mark.parametrize(
    ("wins", "n", "low", "high"),
    [
        (0, 5, 0.0, 0.5218),  # 1 - 0.025^(1/5)
        (5, 5, 0.4782, 1.0),
        (5, 10, 0.1871, 0.8129),  # Clopper & Pearson's table
    ],
)
def test_exact_intervals_are_those_of_the_tables(wins, n, low, high):
    interval = clopper_pearson(wins, n)

    assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-5)


def test_the_published_figure_has_its_well_known_interval():
    interval = clopper_pearson(9840, 10_000)

    assert (interval.low, interval.high) == pytest.approx((0.98134, 0.98637), abs=2e-5)


def test_images_in_groups_are_counted_by_groups():
    winner = np.array([True] * 8)
    baseline = np.array([False, False, False, False, False, True, True, False])
    groups = np.array([0, 0, 0, 0, 1, 1, 2, 3], np.int32)

    # Three groups gained, none lost.
    assert exact_mcnemar(winner, baseline, groups) == PairTest(6, 0, pytest.approx(2 / 8))


def test_a_group_with_as_many_gained_as_lost_is_no_evidence():
    winner, baseline = np.array([True, False, True]), np.array([False, True, True])

    assert exact_mcnemar(winner, baseline, np.array([0, 0, 1], np.int32)) == PairTest(1, 1, 1.0)
