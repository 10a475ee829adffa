"""Two networks, or two sets of retrainings, side by side."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

from reports.record import Interval, PairTest
from reports.statistics.groups import Groups
from reports.statistics.intervals import clopper_pearson


def exact_mcnemar(
    winner: NDArray[np.bool_], baseline: NDArray[np.bool_], groups: Groups | None = None
) -> PairTest:
    """Test whether two networks differ, from their correct predictions on the same images (n,).

    Two-sided and exact: given the images that exactly one got right, either is equally likely
    (McNemar 1947; Dietterich 1998, "Approximate Statistical Tests", section 3.1). Where images come
    in `groups` (n,), so it is of the groups in which one got more right: the sign test.
    """
    gained = int(np.count_nonzero(winner & ~baseline))
    lost = int(np.count_nonzero(baseline & ~winner))
    net = winner.astype(np.float64) - baseline.astype(np.float64)
    units = net if groups is None else np.bincount(np.unique(groups, return_inverse=True)[1], net)
    ahead, behind = int(np.count_nonzero(units > 0)), int(np.count_nonzero(units < 0))
    if ahead + behind == 0:
        return PairTest(gained, lost, 1.0)
    return PairTest(gained, lost, _two_sided(ahead, behind))


def outperforming(
    winner: Sequence[float], baseline: Sequence[float], level: float = 0.95
) -> tuple[float, Interval]:
    """Estimate how probably a retrained winner is more accurate than a retrained baseline.

    P(A > B) over paired retrainings, a tie counting half (Bouthillier et al. 2021, "Accounting for
    Variance in Machine Learning Benchmarks", section 5); the interval is the exact binomial one of
    Clopper & Pearson 1934, since a bootstrap of five pairs that all agree has no width.

    Raises ValueError where the two are not paired.
    """
    pairs = list(zip(winner, baseline, strict=True))
    wins = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a, b in pairs)
    return wins / len(pairs), clopper_pearson(wins, len(pairs), level)


def _two_sided(ahead: int, behind: int) -> float:
    """Return the p-value of so many heads and tails of a fair coin."""
    tail = float(special.betainc(max(ahead, behind), min(ahead, behind) + 1, 0.5))
    return min(1.0, 2 * tail)
