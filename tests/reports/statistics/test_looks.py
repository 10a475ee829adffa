import numpy as np
import pytest
from scipy import stats

from reports.statistics.looks import look_levels
from study.run_dir.confirm_options import AUTO_LOOKS


def test_a_single_look_has_the_whole_level():
    assert look_levels((10,), 0.95) == pytest.approx((0.95,))


def test_levels_of_five_equal_looks_are_those_of_published_tables():
    # Pocock-like spending of Lan & DeMets, five equal looks, two-sided error 0.05.
    bounds = stats.norm.isf((1 - np.array(look_levels((1, 2, 3, 4, 5)))) / 2)

    assert bounds == pytest.approx([2.438, 2.427, 2.410, 2.397, 2.386], abs=0.001)


@pytest.mark.parametrize("looks", [AUTO_LOOKS, (3, 6, 9, 12, 15, 18), (2, 20)])
def test_all_looks_together_err_as_often_as_the_level_says(looks):
    # 200,000 random walks: standard error 0.0005.
    rng = np.random.default_rng(1)
    steps = np.diff((0, *looks))
    walks = np.cumsum(rng.normal(size=(200_000, len(looks))) * np.sqrt(steps), axis=1)
    z = np.abs(walks) / np.sqrt(looks)
    bounds = stats.norm.isf((1 - np.array(look_levels(looks))) / 2)

    assert (z > bounds).any(axis=1).mean() == pytest.approx(0.05, abs=0.0015)
