"""Networks that are right or wrong by a known law."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

Draw = Callable[[float, float, int, int], tuple[NDArray[np.bool_], NDArray[np.bool_]]]


@pytest.fixture
def draw() -> Draw:
    """Draw two sides (seeds, n): accuracies, seeds and images; a tenth of the images is hard."""

    def build(
        winner: float, baseline: float, seeds: int, n: int
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        rng = np.random.default_rng(3)
        hard = rng.random(n) < 0.1
        sides = [
            ~(hard & (rng.random((seeds, n)) < 10 * (1 - accuracy)))
            for accuracy in (winner, baseline)
        ]
        return sides[0], sides[1]

    return build
