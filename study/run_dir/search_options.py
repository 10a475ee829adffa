"""How a search may choose and stop its trials, by name; free of what the methods import."""

from typing import Literal, get_args

Sampler = Literal["tpe", "random", "nsga2", "grid", "qmc"]
Pruner = Literal["median", "percentile", "halving", "hyperband", "wilcoxon", "none"]
# The total of trials of a study that only its budget of time ends.
NO_TOTAL = 10_000_000
SAMPLERS: tuple[Sampler, ...] = get_args(Sampler)
PRUNERS: tuple[Pruner, ...] = get_args(Pruner)
