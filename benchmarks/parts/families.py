"""Many answers from one test split, the best of them kept: openings and studies."""

from dataclasses import dataclass

import numpy as np
from parts.answers import MOST_FALSE, is_over
from parts.simulated_networks import World, logit
from scipy.special import expit

from reports.statistics.crossed import Correct, mean_difference
from reports.statistics.intervals import of_difference
from reports.statistics.spending import level_of_opening

_WORLD = World("", 360, 0.15, 0.03, 2.5, 0.7, 0.15)
SEEDS, MOST = 5, 30


@dataclass(frozen=True)
class Family:
    """Per cent of families with a false BEATS among their first `openings` answers.

    `again` is with 0.05 / k for the k-th opening, as 0.1.0 had within one study; `others` with 0.05
    for each, as it had for other studies.
    """

    openings: int
    again: float
    others: float
    now: float


def families(count: int) -> tuple[list[Family], list[str]]:
    """Draw families of 30 answers on the same images; return shares and what is broken.

    Each answer is about a new config without a gain and the baseline under new seeds. Only these
    differ: images and the baseline's own effects on them stay.
    """
    first = np.array([_first_beats(np.random.default_rng([7, k])) for k in range(count)])
    found, broken = [], []
    for openings in (1, 10, MOST):
        shares = 100 * (first < openings).mean(axis=0)
        family = Family(openings, *shares.tolist())
        found.append(family)
        print(
            f"{openings:2d} openings or studies of one test split, any BEATS: "
            f"0.05 / k {family.again:.2f}, 0.05 each {family.others:.2f}, now {family.now:.2f}",
            flush=True,
        )
        if is_over(int((first[:, 2] < openings).sum()), MOST_FALSE, count):
            broken.append(f"{openings} openings: more than 3 % of families hold a false BEATS")
    return found, broken


def _first_beats(rng: np.random.Generator) -> list[int]:
    """Return in which answer (from 0) BEATS comes first under each rule, 30 where it never does."""
    hard = int(rng.binomial(_WORLD.n, _WORLD.hard))
    sd = float(np.sqrt(_WORLD.image**2 + _WORLD.config**2 + _WORLD.seed**2))
    images = logit(_WORLD.error / _WORLD.hard, sd) + rng.normal(0, _WORLD.image, hard)
    baseline = images + rng.normal(0, _WORLD.config, hard)
    first = [MOST] * 3
    for k in range(1, MOST + 1):
        winner = images + rng.normal(0, _WORLD.config, hard)
        spread = mean_difference(_correct(rng, winner), _correct(rng, baseline))
        if spread.mean <= 0:
            continue
        for rule, level in enumerate((1 - 0.05 / k, 0.95, level_of_opening(k))):
            if first[rule] == MOST and of_difference(spread, level).low > 0:
                first[rule] = k - 1
    return first


def _correct(rng: np.random.Generator, effects: np.ndarray) -> Correct:
    found = np.ones((SEEDS, _WORLD.n), dtype=np.bool_)
    chance = expit(effects + rng.normal(0, _WORLD.seed, (SEEDS, 1)))
    found[:, : len(effects)] = rng.random(chance.shape) >= chance
    return found
