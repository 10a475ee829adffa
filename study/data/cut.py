"""Cut a test split off data that comes without one: seeded, the same whatever the study's seed."""

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import fault
from study.data.stratify import grouped, stratified

TEST_SHARE = 0.2
# One seed for all: two studies of a file have the same test split, and its openings add up.
TEST_SEED = 1797

Rows = tuple[NDArray[np.intp], NDArray[np.intp]]


def cut_test(
    labels: NDArray[np.int32],
    share: float = 0.0,
    groups: NDArray[np.int32] | None = None,
    times: NDArray[np.float64] | None = None,
) -> Rows:
    """Return the sorted indices of training and of test rows; `share` 0 stands for a fifth.

    With `times` the test rows are the latest, rows of the same time together; else they are drawn
    with every class, or, with `groups`, group by group. Raises FaultError where that cannot be.
    """
    share = share or TEST_SHARE
    if times is not None:
        return _latest(times, share)
    if groups is not None:
        return grouped(labels, groups, share, TEST_SEED)
    return stratified(labels, share, TEST_SEED)


def _latest(times: NDArray[np.float64], share: float) -> Rows:
    moments, counts = np.unique(times, return_counts=True)
    if len(moments) < 2:
        raise fault("--time", "all rows have the same time", allowed="two times or more")
    # The first moment of the test split is that which comes nearest to the share.
    later = counts[::-1].cumsum()[::-1][1:]
    first = moments[1:][np.argmin(np.abs(later - share * len(times)))]
    is_test = times >= first
    return np.flatnonzero(~is_test), np.flatnonzero(is_test)
