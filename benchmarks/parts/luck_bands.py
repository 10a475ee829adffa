"""Searches among equally good configs: how often the best so far leaves its luck band."""

import math

import numpy as np
from scipy import stats

from reports.statistics.luck_band import luck_bounds


def luck_bands(answers: int) -> tuple[list[float], list[str]]:
    """Print in how many searches among equals the best so far leaves the luck band.

    Return these shares in per cent, and what is broken.
    """
    found, broken = [], []
    for total, df in ((5, math.inf), (30, math.inf), (100, math.inf), (30, 8), (100, 8)):
        rng = np.random.default_rng(total)
        counts, bounds = luck_bounds(total, df)
        trials = rng.standard_normal((answers, total))
        sd = np.sqrt(rng.chisquare(df, (answers, 1)) / df) if df < math.inf else 1.0
        best = np.maximum.accumulate(trials, axis=1) - trials[:, :1]
        former = float(stats.norm.ppf(0.95 ** (1 / total)))
        ends = float(np.mean(best[:, -1:] > sd * former))
        line = np.interp(np.arange(1, total + 1), counts, bounds)
        ever = float(np.mean((best > sd * line + 1e-12).any(axis=1)))
        found.append(100 * ever)
        name = f"luck, {total} equal trials, df {df:g}"
        print(
            f"{name:44s}  ends above the band of 0.1.0 {100 * ends:5.2f}, "
            f"ever leaves the band now {100 * ever:5.2f}"
        )
        if ever > 0.05 + 2 * math.sqrt(0.05 * 0.95 / answers):
            broken.append(f"{name}: more than 5 % leave the band")
    return found, broken
