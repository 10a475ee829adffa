"""Which candidates of a race are eliminated and need no more retrainings."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import special


def eliminated(scores: Mapping[str, Sequence[float]], level: float = 0.95) -> tuple[str, ...]:
    """Name the candidates that lie clearly behind the leader after paired rounds.

    Every candidate has the scores of the same rounds; more is better. One is eliminated
    when its mean paired difference to the leader is below zero by more than t standard errors, the
    standard deviation of paired differences being pooled over all followers (after F-race:
    Birattari et al. 2002). Needs two rounds. It only saves retrainings: the answer comes from other
    seeds.
    """
    names = list(scores)
    if len(names) < 2 or len(scores[names[0]]) < 2:
        return ()
    means = {name: float(np.mean(scores[name])) for name in names}
    leader = max(names, key=lambda name: means[name])
    followers = [name for name in names if name != leader]
    behind = {name: np.subtract(scores[leader], scores[name]) for name in followers}
    rounds = len(scores[leader])
    pooled = math.sqrt(float(np.mean([np.var(gaps, ddof=1) for gaps in behind.values()])))
    t = float(special.stdtrit((rounds - 1) * len(followers), level))
    bound = t * pooled / math.sqrt(rounds)
    return tuple(name for name in followers if means[leader] - means[name] > bound)
