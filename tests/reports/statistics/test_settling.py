import pytest

from reports.statistics.crossed import Spread
from reports.statistics.settling import what_settles


@pytest.mark.parametrize(
    ("mean", "expected"),
    [
        (
            0.0015,
            (
                "about 7 more seeds each (12 in all), "
                "if the true difference is the +0.15 points seen"
            ),
        ),
        (0.003, "5 more seeds each, if the true difference is the +0.30 points seen"),
        (
            0.0002,
            (
                "about 95 times the seeds and also 95 times the test images, "
                "if the true difference is the +0.02 points seen"
            ),
        ),
        (
            0.0,
            (
                "not even 1,000 times the seeds and test images, if the true difference is the "
                "+0.00 points seen; this design tells differences of 0.22 points from the margin"
            ),
        ),
    ],
)
def test_it_says_what_would_settle_a_difference(mean, expected):
    spread = Spread(mean, 5, 10_000, of_seeds=4e-7, df=8.0, of_images=1e-7, residual=1e-3)

    assert what_settles(spread, 0.0, 0.95) == expected


def test_where_images_alone_are_the_limit_it_says_how_many():
    spread = Spread(0.004, 20, 1000, of_seeds=1e-8, df=38.0, of_images=4e-6, residual=1e-5)

    assert what_settles(spread, 0.0, 0.95) == (
        "no number of seeds on these 1,000 test images; about 2,000 test images would, "
        "if the true difference is the +0.40 points seen"
    )


def test_the_difference_is_measured_from_the_margin():
    spread = Spread(0.003, 5, 10_000, of_seeds=4e-7, df=8.0, of_images=1e-7, residual=1e-3)

    assert what_settles(spread, 0.0015, 0.95) == (
        "about 7 more seeds each (12 in all), if the true difference is the +0.30 points seen"
    )
