"""Answers where intervals fail most easily."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
from parts.answers import (
    Case,
    Draw,
    Drawn,
    former_of_accuracy,
    former_of_difference,
    minus,
    row_variances,
)
from parts.simulated_networks import WORLDS, World, accuracies_of

from reports.record import Interval
from reports.statistics.crossed import Spread, mean_accuracy, mean_difference, welch
from reports.statistics.intervals import of_accuracy, of_difference

MNIST = WORLDS[0]


def harsh_worlds() -> Iterator[Case]:
    """Yield the cases: published numbers near 1, unequal noise, tiny test splits, ordinary ones."""
    for n, error in ((360, 0.016), (360, 0.005), (1000, 0.001), (60, 0.016)):
        world = World("", n, max(0.06, 4 * error), error, 2.5, 0.7, 0.15)
        for seeds in (2, 3, 5, 10):
            name = f"published {100 - 100 * error:.1f} %, n = {n}"
            yield Case(f"{name}, {seeds} seeds", _published(world, seeds))
    for seeds, covered in ((5, (0.94, 0.98)), (10, (0.94, 0.98))):
        name = f"published 98.2 %, n = 10000, {seeds} seeds"
        yield Case(name, _published(MNIST, seeds), covered=covered, wider=1.1)
    for seeds in (2, 3, 5):
        for ratio in (1, 5, 10):
            yield Case(f"seeds alone, sds 1:{ratio}, {seeds} seeds", _normal(ratio, seeds))
    for seeds in (2, 3):
        name = f"winner's seeds louder, n = 3000, {seeds} seeds"
        yield Case(name, _baseline(replace(MNIST, n=3000), seeds, seed_sds=(0.8, 0.05)))
    for n, error in ((20, 0.05), (60, 0.016), (60, 0.05), (360, 0.016)):
        world = World("", n, max(0.06, 4 * error), error, 2.5, 0.7, 0.15)
        for seeds in (2, 5):
            yield Case(f"equal, {error:.3f} wrong, n = {n}, {seeds} seeds", _baseline(world, seeds))
    equal = Case("equal, n = 10000, 5 seeds", _baseline(MNIST, 5))
    yield replace(equal, covered=(0.94, 0.98), wider=1.1)
    for gain, seeds in ((0.002, 5), (0.003, 10)):
        name = f"+{100 * gain:.1f} points, n = 10000, {seeds} seeds"
        least = 0.95 if seeds == 10 else 0.0
        yield Case(name, _baseline(MNIST, seeds, gain), gain, wider=1.1, power=least)
    skewed = _baseline(replace(MNIST, n=1000), 3, seed_sds=(1.5, 0.15))
    yield Case("one skewed side, n = 1000, 3 seeds", skewed, bounded=False)


def _published(world: World, seeds: int) -> Draw:
    truth = 1 - world.error

    def draw(rng: np.random.Generator) -> Drawn:
        correct = accuracies_of(world, rng, [world.error], seeds)[0]
        spread = mean_accuracy(correct)

        def now(level: float) -> Interval:
            return minus(of_accuracy(spread, level), truth)

        return minus(former_of_accuracy(spread, correct), truth), now

    return draw


def _baseline(
    world: World, seeds: int, gain: float = 0.0, seed_sds: tuple[float, ...] | None = None
) -> Draw:
    def draw(rng: np.random.Generator) -> Drawn:
        errors = [world.error - gain, world.error]
        winner, baseline = accuracies_of(world, rng, errors, seeds, seed_sds)
        spread = mean_difference(winner, baseline)
        before = former_of_difference(spread, row_variances(winner, baseline))
        return before, partial(of_difference, spread)

    return draw


def _normal(ratio: float, seeds: int) -> Draw:
    """Draw accuracies of seeds as normal numbers on so many images that these do not matter."""
    n = 10**9

    def draw(rng: np.random.Generator) -> Drawn:
        sides = rng.standard_normal((2, seeds)) * np.array([[1e-3 * ratio], [1e-3]])
        variances = [float(v) for v in sides.var(axis=1, ddof=1) / seeds]
        mean = float(sides[0].mean() - sides[1].mean())
        spread = Spread(mean, seeds, n, sum(variances), welch(variances, seeds), 0.0, 0.0)
        return former_of_difference(spread, variances), partial(of_difference, spread)

    return draw
