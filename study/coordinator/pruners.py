"""Pruning rules by name: pure functions of a trial's curve and its peers' at the same point.

All compare the best validation accuracy so far (fraction) at equal shares of the planned epochs.
"""

import importlib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from study.coordinator.curves import POINTS
from study.run_dir.search_options import Pruner

Curve = NDArray[np.float64]
# rule(own, peers, reached, order): own curve (POINTS + 1,), peers' (n, POINTS + 1), the point
# reached, the trial's place. True: stop it.
Rule = Callable[[Curve, Curve, int, int], bool]

# No rule speaks before this share of the planned epochs, nor against fewer peers.
WARM_UP = 0.3
ENOUGH_PEERS = 5
# Successive halving keeps the best 1 / REDUCTION of a rung.
REDUCTION = 3
# Points at which successive halving compares: POINTS / REDUCTION**2 would lie within the warm-up.
_RUNGS = (POINTS // REDUCTION, 2 * POINTS // REDUCTION)


def percentile_rule(share: float) -> Rule:
    """Make the rule that stops a trial below this share (0-1) of its peers, as Vizier's median."""

    def rule(own: Curve, peers: Curve, reached: int, _order: int) -> bool:
        there = _known(peers[:, reached])
        return len(there) >= ENOUGH_PEERS and bool(own[reached] < np.quantile(there, share))

    return rule


def halving_rule(rungs: Sequence[int]) -> Rule:
    """Make asynchronous successive halving: at each rung only the best third goes on.

    Source: Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning", with shares of
    each trial's own budget as the resource.
    """

    def rule(own: Curve, peers: Curve, reached: int, _order: int) -> bool:
        crossed = [rung for rung in rungs if rung <= reached and np.isfinite(own[rung])]
        return any(_falls(own[rung], _known(peers[:, rung])) for rung in crossed[-1:])

    return rule


def _falls(value: float, peers: Curve) -> bool:
    return len(peers) >= ENOUGH_PEERS and bool(value < np.quantile(peers, 1 - 1 / REDUCTION))


def _hyperband(own: Curve, peers: Curve, reached: int, order: int) -> bool:
    # Hyperband's brackets differ in how early they begin to halve; one of them never does.
    bracket = order % (len(_RUNGS) + 1)
    return halving_rule(_RUNGS[bracket:])(own, peers, reached, order)


def _wilcoxon(own: Curve, peers: Curve, reached: int, _order: int) -> bool:
    """Stop a trial whose curve lies below the best peer's, by a signed-rank test at p < 0.1."""
    ended = peers[np.isfinite(peers[:, POINTS])]
    if len(ended) < ENOUGH_PEERS:
        return False
    best = ended[np.argmax(ended[:, POINTS])]
    # Every tenth point only: neighbours are interpolated, and would count one epoch many times.
    both = np.arange(reached % 10, reached + 1, 10)
    difference = own[both] - best[both]
    difference = difference[np.isfinite(difference) & (difference != 0.0)]
    if len(difference) < 4:
        return False
    stats = importlib.import_module("scipy.stats")
    return float(stats.wilcoxon(difference, alternative="less").pvalue) < 0.1


def _never(_own: Curve, _peers: Curve, _reached: int, _order: int) -> bool:
    return False


def _known(values: Curve) -> Curve:
    return values[np.isfinite(values)]


RULES: Mapping[Pruner, Rule] = MappingProxyType(
    {
        "median": percentile_rule(0.5),
        "percentile": percentile_rule(0.25),
        "halving": halving_rule(_RUNGS),
        "hyperband": _hyperband,
        "wilcoxon": _wilcoxon,
        "none": _never,
    }
)
