"""Test images that are near copies of one another, their groups given, or found in the images."""

import math
from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray
from parts.answers import (
    Case,
    Draw,
    Drawn,
    former_of_accuracy,
    former_of_difference,
    minus,
    row_variances,
)
from parts.simulated_networks import World, logit
from scipy.special import expit

from reports.record import Interval
from reports.statistics.crossed import Correct, mean_accuracy, mean_difference
from reports.statistics.groups import Groups
from reports.statistics.intervals import of_accuracy, of_difference
from study.data.arrays import WholeData
from study.data.copies import find_copies
from study.data.values import Examples

# A network errs alike on copies of an image with this probability, else by a draw of its own.
_ALIKE = 0.8
_FEW = World("", 360, 0.064, 0.016, 2.5, 0.7, 0.15)
_MANY = World("", 3000, 0.06, 0.018, 2.5, 1.0, 0.05)


def grouped_worlds() -> Iterator[Case]:
    """Yield answers on images in groups of 2, 5, 20 and of mixed sizes."""
    for world in (_FEW, _MANY):
        for size in (2, 5, 20, 0):
            of = f"{size} copies" if size else "mixed copies"
            yield Case(f"{of}, n = {world.n}, 5 seeds", _difference(world, size, 5))
    for size in (2, 5, 20):
        name = f"{size} copies, found, n = 360, 5 seeds"
        yield Case(name, _difference(_FEW, size, 5, are_found=True))
    for size in (2, 5, 20):
        name = f"{size} copies, published 98.4 %, n = 360, 5 seeds"
        yield Case(name, _published(_FEW, size, 5))


def _difference(world: World, size: int, seeds: int, *, are_found: bool = False) -> Draw:
    def draw(rng: np.random.Generator) -> Drawn:
        (winner, baseline), groups = _copied(world, rng, size, (2, seeds))
        used = _found(rng, groups) if are_found else groups
        spread = mean_difference(winner, baseline, used)
        before = mean_difference(winner, baseline)
        old = former_of_difference(before, row_variances(winner, baseline))
        return old, partial(of_difference, spread)

    return draw


def _published(world: World, size: int, seeds: int) -> Draw:
    truth = 1 - world.error

    def draw(rng: np.random.Generator) -> Drawn:
        (correct,), groups = _copied(world, rng, size, (1, seeds))
        spread = mean_accuracy(correct, groups)

        def now(level: float) -> Interval:
            return minus(of_accuracy(spread, level), truth)

        return minus(former_of_accuracy(mean_accuracy(correct), correct), truth), now

    return draw


def _copied(
    world: World, rng: np.random.Generator, size: int, shape: tuple[int, int]
) -> tuple[list[Correct], Groups]:
    """Draw which predictions are correct, for (configs, seeds), and the images' groups (n,)."""
    sizes = _sizes(world.n, rng, size)
    groups = np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)
    sd = math.hypot(world.image, world.config, world.seed)
    hard = rng.random(len(sizes)) < world.hard
    shared = logit(world.error / world.hard, sd) + rng.normal(0, world.image, len(sizes))
    found = []
    for _ in range(shape[0]):
        own = rng.normal(0, world.config, len(sizes))
        chance = hard * expit(shared + own + rng.normal(0, world.seed, (shape[1], 1)))
        alike = rng.random((shape[1], len(groups))) < _ALIKE
        of_group, of_image = rng.random(chance.shape), rng.random(alike.shape)
        found.append(np.where(alike, of_group[:, groups], of_image) >= chance[:, groups])
    return found, groups


def _found(rng: np.random.Generator, groups: Groups) -> Groups | None:
    """Draw images of noise with near copies in these groups, and find the groups in them."""
    images = _noise(rng, int(groups.max()) + 1)[groups]
    near = np.abs(images.astype(np.int16) - rng.integers(0, 4, images.shape)).astype(np.uint8)
    train = Examples(_noise(rng, 50), np.zeros(50, np.int32))
    test = Examples(near, np.zeros(len(near), np.int32))
    return find_copies(WholeData(train, test, (7, 7), ("one",), 255.0)).test_groups


def _noise(rng: np.random.Generator, n: int) -> NDArray[np.uint8]:
    return rng.integers(0, 256, (n, 49), dtype=np.uint8)


def _sizes(n: int, rng: np.random.Generator, size: int) -> list[int]:
    if size:
        return [size] * (n // size)
    sizes: list[int] = []
    while sum(sizes) < n:
        sizes.append(int(rng.choice([1, 1, 1, 1, 1, 1, 2, 5, 20])))
    return sizes
