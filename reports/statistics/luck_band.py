"""How far luck alone carries the best of a search's first k trials, for all k together."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

Values = NDArray[np.float64]
Counts = NDArray[np.int64]

_COARSE = np.arange(-8.0, 8.05, 0.1)
# The noise's factor sqrt(chi2 / df) is integrated over so many values.
_SCALES = 20


def luck_bounds(total: int, df: float = math.inf, level: float = 0.95) -> tuple[Counts, Values]:
    """Return counts k up to `total`, and how far the best of k trials may be above the first.

    In standard deviations of one trial. All trials are equally good and normal; trial 0, from which
    the best is measured, is one of them, as noisy as they. The best so far stays within all bounds
    together with probability `level`: bounds are c u(k), u(k) being the quantile at `level` of the
    best of k alone, and c is found by bisection. Given that trial 0 is z and the noise's estimated
    standard deviation s times the true one (s^2 is chi-squared with `df` degrees of freedom,
    over df), the best of all k stays within with probability
    product over trials i of Phi(z + s c u(i)), which is integrated over z and s. A trial between
    two counts has the bound of the lower one, so lines between counts err to the safe side.
    """
    counts = _counts(total)
    alone = _quantiles(counts[1:], level)
    others = np.diff(np.append(counts[1:], total + 1))
    scales, shares = _scales(df)

    def stays(factor: float) -> float:
        limits = factor * scales[:, None] * alone
        inside = special.log_ndtr(_COARSE[:, None, None] + limits) @ others
        return float(_weights() @ np.exp(inside) @ shares)

    factor = _root(stays, level, 50.0)
    return counts, np.concatenate(([0.0], factor * alone))


def _counts(total: int) -> Counts:
    """Return 1, 2 and so on to `total`, thinned in the end; no two neighbours below 3 are apart."""
    spaced = np.round(np.geomspace(1, max(total, 2), 60)).astype(np.int64)
    return np.unique(np.concatenate(([1, 2], spaced)))


def _quantiles(counts: Counts, level: float) -> Values:
    """Return the quantiles of the best of k, less the first of them, by bisection."""
    low, high = np.zeros(len(counts)), np.full(len(counts), 20.0)
    for _ in range(30):
        middle = (low + high) / 2
        below = np.exp((counts - 1) * special.log_ndtr(_COARSE[:, None] + middle))
        enough = _weights() @ below >= level
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high


def _scales(df: float) -> tuple[Values, Values]:
    """Return values of an estimated standard deviation over the true one, and their shares.

    They are dense where it is far too small, since searches leave the band there: tails are cubes.
    """
    if math.isinf(df):
        return np.ones(1), np.ones(1)
    roots = (np.arange(_SCALES) + 0.5) / _SCALES
    squares: Values = 2 * special.gammaincinv(df / 2, roots**3) / df
    shares = roots * roots
    return np.sqrt(squares), shares / float(shares.sum())


def _weights() -> Values:
    density: Values = np.exp(-_COARSE * _COARSE / 2)
    return density / float(density.sum())


def _root(rising: Callable[[float], float], level: float, high: float) -> float:
    """Return where a rising function reaches a level, between 0 and `high`, from above."""
    low = 0.0
    for _ in range(22):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) >= level else (middle, high)
    return high
