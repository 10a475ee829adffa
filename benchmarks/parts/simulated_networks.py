"""Simulated networks: which predictions are correct, by a law whose true accuracy is known.

Every network sees the same images. An image is hard with a small probability; a network errs
on a hard image with probability expit(beta + x_i + u_ci + s_ck): x_i is the image's difficulty for
all, u_ci its difficulty for one config, s_ck the luck of one seed, all normal; an easy image is
always classified correctly. The true accuracy is exact by Gauss-Hermite quadrature.
"""

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

HERMITE = np.polynomial.hermite_e.hermegauss(80)


@dataclass(frozen=True)
class World:
    """One kind of data: n images a split, share of hard ones, error rate, and the three sds."""

    name: str
    n: int
    hard: float
    error: float
    image: float
    config: float
    seed: float


# mnist: between seeds 0.12 points, two networks disagree on 1.4 % of 10,000 images.
WORLDS = (
    World("mnist", 10_000, 0.06, 0.018, 2.5, 0.7, 0.12),
    World("quiet seeds", 10_000, 0.06, 0.018, 2.5, 1.0, 0.0),
    World("loud seeds", 10_000, 0.06, 0.018, 2.5, 0.3, 0.4),
    World("digits", 360, 0.15, 0.03, 2.5, 0.7, 0.15),
)


@functools.cache
def logit(rate: float, sd: float) -> float:
    """Return the beta with mean expit(beta + sd z) = rate, by bisection."""
    low, high = -50.0, 50.0
    for _ in range(100):
        middle = (low + high) / 2
        mean = float(HERMITE[1] @ expit(middle + sd * HERMITE[0]) / HERMITE[1].sum())
        low, high = (middle, high) if mean < rate else (low, middle)
    return (low + high) / 2


def accuracies_of(
    world: World,
    rng: np.random.Generator,
    errors: list[float],
    seeds: int,
    seed_sds: tuple[float, ...] | None = None,
) -> NDArray[np.bool_]:
    """Draw which predictions are correct: (configs, seeds, n) new images; easy ones come last.

    `seed_sds` are the configs' own sds between seeds, where they are not the world's.
    """
    hard = int(rng.binomial(world.n, world.hard))
    sds = np.broadcast_to(world.seed if seed_sds is None else seed_sds, len(errors))
    beta = np.array(
        [
            logit(error / world.hard, math.hypot(world.image, world.config, sd))
            for error, sd in zip(errors, sds.tolist(), strict=True)
        ]
    )
    x = rng.normal(0, world.image, hard)
    u = rng.normal(0, world.config, (len(errors), 1, hard))
    s = rng.normal(0, 1, (len(errors), seeds, 1)) * sds[:, None, None]
    correct = np.ones((len(errors), seeds, world.n), dtype=np.bool_)
    wrong = rng.random((len(errors), seeds, hard)) < expit(beta[:, None, None] + x + u + s)
    correct[:, :, :hard] = ~wrong
    return correct
