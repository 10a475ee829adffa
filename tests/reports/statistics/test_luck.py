import math

import pytest

from reports.statistics.luck import expected_luck, expected_maximum, noise_of_one


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
