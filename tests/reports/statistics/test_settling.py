import pytest

from reports.record import Interval
from reports.statistics.crossed import Spread
from reports.statistics.settling import what_settles

SEEN = Interval(-0.0012, 0.0016, 0.96)


@pytest.mark.parametrize(
    ("mean", "expected"),
    [
        (
            0.0015,
            (
                "about 7 more seeds each (12 in all), "
                "with probability 0.8, if the true difference is the +0.15 points seen"
            ),
        ),
        (
            0.003,
            (
                "5 more seeds each, with probability 0.8, "
                "if the true difference is the +0.30 points seen"
            ),
        ),
        (
            0.0002,
            (
                "more than 10 times the seeds and test images, with probability 0.8, if the true "
                "difference is the +0.02 points seen; excluded already is a true difference below "
                "−0.12 points or above +0.16 points, and this design tells differences of 0.22 "
                "points from the margin"
            ),
        ),
        (
            0.0,
            (
                "more than 10 times the seeds and test images, with probability 0.8, if the true "
                "difference is the +0.00 points seen; excluded already is a true difference below "
                "−0.12 points or above +0.16 points, and this design tells differences of 0.22 "
                "points from the margin"
            ),
        ),
    ],
)
def test_it_says_what_would_settle_a_difference(mean, expected):
    spread = Spread(mean, 5, 10_000, of_seeds=4e-7, df=8.0, of_images=1e-7, residual=1e-3)

    assert what_settles(spread, 0.0, 0.95, SEEN) == expected


def test_where_images_alone_are_the_limit_it_says_how_many():
    spread = Spread(0.004, 20, 1000, of_seeds=1e-8, df=38.0, of_images=4e-6, residual=1e-5)

    assert what_settles(spread, 0.0, 0.95, SEEN) == (
        "no number of seeds on these 1,000 test images; about 2,000 test images would, "
        "with probability 0.8, if the true difference is the +0.40 points seen"
    )


def test_far_more_seeds_than_there_were_are_not_offered_though_they_would_do():
    # 39 seeds would do, which is more than ten times two.
    spread = Spread(0.001, 2, 10_000, of_seeds=2.3e-6, df=2.0, of_images=1e-9, residual=1e-3)

    assert what_settles(spread, 0.0, 0.95, SEEN).startswith("more than 10 times the seeds")


def test_the_difference_is_measured_from_the_margin():
    spread = Spread(0.003, 5, 10_000, of_seeds=4e-7, df=8.0, of_images=1e-7, residual=1e-3)

    assert what_settles(spread, 0.0015, 0.95, SEEN) == (
        "about 7 more seeds each (12 in all), with probability 0.8, "
        "if the true difference is the +0.30 points seen"
    )
