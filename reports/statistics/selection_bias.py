"""The selection bias of the search's best config, with an interval."""

import math
from collections.abc import Sequence

from scipy import special

from reports.record import Interval


def selection_bias(
    ahead: float, again: Sequence[float], noise: float, df: float, level: float = 0.95
) -> tuple[float, Interval]:
    """Estimate by how much luck raised the best trial's accuracy (fractions).

    `ahead` is its lead over the baseline's trial in the search, on one split; `again` are the leads
    of its retrainings over the baseline's, each pair on a split of its own. What a split does to
    both is in neither. `noise` is the standard deviation of one training's accuracy beyond that,
    with `df` degrees of freedom. The baseline's own trial is as noisy, so the estimate's error has
    the variance noise^2 (1 + 2 / k) for k retrainings; that the best was chosen does not enter it.
    """
    estimate = ahead - sum(again) / len(again)
    half = float(special.stdtrit(df, 0.5 + level / 2)) * noise * math.sqrt(1 + 2 / len(again))
    return estimate, Interval(estimate - half, estimate + half, level)
