"""Samplers by name: Optuna's own, and sequences of points."""

import warnings
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from optuna.exceptions import ExperimentalWarning
from optuna.samplers import BaseSampler, NSGAIISampler, RandomSampler, TPESampler

from search_spaces.parameters import Scalar
from search_spaces.space import Space
from study.coordinator.grid_and_qmc import grid_points, qmc_points
from study.run_dir.search_options import Sampler


def _tpe(seed: int) -> BaseSampler:
    with warnings.catch_warnings():
        # `group` lets parameters that depend on others still be sampled together.
        warnings.simplefilter("ignore", ExperimentalWarning)
        return TPESampler(multivariate=True, group=True, constant_liar=True, seed=seed)


def _nsga2(seed: int) -> BaseSampler:
    # Optuna's population of 50 would leave most studies of this size in their first generation.
    return NSGAIISampler(population_size=12, seed=seed)


# A sampler is made anew for each trial from that trial's own seed: what it suggests is a function
# of this seed and the trials it sees, so that a continued study goes on as if it had never stopped.
OPTUNA_SAMPLERS: Mapping[Sampler, Callable[[int], BaseSampler]] = MappingProxyType(
    {"tpe": _tpe, "random": lambda seed: RandomSampler(seed=seed), "nsga2": _nsga2}
)
# Samplers that learn from trials; a space's beliefs are for them alone.
LEARNING: tuple[Sampler, ...] = ("tpe", "nsga2")
SEQUENCES: Mapping[Sampler, Callable[[Space, int], Iterator[dict[str, Scalar]]]] = MappingProxyType(
    {"grid": grid_points, "qmc": qmc_points}
)
