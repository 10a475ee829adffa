"""What is wrong with the weights of rows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import Fault

_MOST = float(np.finfo(np.float64).max)


def weight_faults(
    weights: NDArray[np.float64], classes: NDArray[Any], where: str, split: str
) -> list[Fault]:
    """Return what keeps weights (n,) of the rows of a split, of these classes (n,), from counting.

    They are numbers from 0 up, and in no class all 0.
    """
    if not np.isfinite(weights).all():
        got = f"{int((~np.isfinite(weights)).sum()):,} {split} rows with another one"
        return [Fault(where, "a weight that is no finite number", got, "numbers from 0 up")]
    if (weights < 0).any():
        got = f"{weights.min():g}, in {int((weights < 0).sum()):,} {split} rows"
        return [Fault(where, "a negative weight", got, "numbers from 0 up")]
    if weights.max(initial=0.0) > _MOST / len(weights):
        return [Fault(where, "weights too large to add up", f"{weights.max():g}")]
    if not weights.any():
        got = f"{len(weights):,} rows of weight 0"
        return [Fault(where, f"no {split} row counts", got, "a weight above 0")]
    names, codes = np.unique(classes, return_inverse=True)
    sums = np.bincount(codes, weights=weights)
    idle = [str(name) for name, total in zip(names.tolist(), sums, strict=True) if total == 0]
    if idle:
        listed = ", ".join(idle[:5]) + (f" and {len(idle) - 5} more" if len(idle) > 5 else "")
        what = f"classes of which no {split} row counts"
        return [Fault(where, what, listed, "a weight above 0 in each class")]
    return []
