"""What the trials that are left could still bring, and which gain a test split can tell at all."""

import math
from collections.abc import Sequence

import numpy as np
from scipy import special

from reports.statistics.power import POWER
from reports.statistics.spending import level_of_opening

# The spread's limit and the best's given the spread hold with this probability each, and what comes
# of both in at least 95 % (tests/reports/statistics/test_gain_left.py).
_LEVEL = 0.9
# The variance of a spread from the upper half is that of so many degrees of freedom a trial of it;
# from the upper quarter it is 0.53, which the limits make up for.
_FREEDOM = 0.62
# With fewer complete trials, or a smaller share of all, the spread of the upper half is not known.
_LEAST, _LEAST_SHARE = 5, 0.25
# Of the images that one network gets wrong, this share tells two configs apart however many seeds
# there are; on MNIST it is 0.38 (benchmarks/parts/simulated_networks.py), and less errs to the safe
# side.
_OWN_ERRORS = 1 / 3


def gain_left(
    seen: Sequence[float | None], best: float, more: int, ceiling: float = 1.0
) -> float | None:
    """Return by how much `more` trials would raise the best score at most, at 95 %.

    `seen` are the scores (more is better, as of accuracies) of the trials so far, None where one
    did not complete: it counts as lower than the others. `best` is the highest, and none is above
    `ceiling`. None where the trials do not show it yet.

    Trials are taken as normal. Mean m and standard deviation s are those of the line through the
    upper half of the sorted scores (all complete ones, where these are fewer) against their
    normal scores (Blom 1958, "Statistical Estimates and Transformed Beta-Variables"), so that bad
    configs do not count; s is raised to the limit that its chi-squared error allows. The best of r
    more stays below m + s z(p^(1/r)) with probability p. Luck is in it: it bounds what is seen, and
    so what is true.
    """
    total = len(seen)
    ranked = np.sort([one for one in seen if one is not None])[::-1][: (total + 1) // 2]
    if len(ranked) < max(_LEAST, _LEAST_SHARE * total):
        return None
    ranks = np.arange(1, len(ranked) + 1)
    scores = special.ndtri((total + 0.625 - ranks) / (total + 0.25))
    centred = scores - scores.mean()
    spread = float(centred @ ranked / (centred @ centred))
    middle = float(ranked.mean() - spread * scores.mean())
    freedom = _FREEDOM * len(ranked)
    spread *= math.sqrt(freedom / float(special.chdtri(freedom, _LEVEL)))
    highest = min(ceiling, middle + spread * float(special.ndtri(_LEVEL ** (1 / more))))
    return max(0.0, highest - best)


def least_detectable(accuracy: float, n: int) -> float:
    """Return the smallest gain (fraction) that n test images tell from none with power 0.8.

    (z_a + z_b) sqrt(error / (3 n)) for configs of about this accuracy, at the level of a first
    opening: what images alone leave, as if seeds made no difference. It is 1 at most.
    """
    return min(1.0, least_difference(max(1 - accuracy, 1 / n), n))


def least_difference(variance: float, n: int) -> float:
    """Return the smallest difference that n test images tell from none with power 0.8.

    `variance` is that of one image's value. Configs share two thirds of it, as they do of accuracy.
    """
    level = level_of_opening(1)
    z = float(special.ndtri(0.5 + level / 2) + special.ndtri(POWER))
    return z * math.sqrt(_OWN_ERRORS * variance / n)
