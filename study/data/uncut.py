"""Arrays of inputs and labels that come without a test split."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import fault
from study.data.cut import cut_test

Arrays = Mapping[str, NDArray[Any]]


def cut_arrays(
    inputs: NDArray[Any], labels: NDArray[Any], share: float, where: str
) -> tuple[Arrays, str]:
    """Return x_train, y_train, x_test and y_test, and a line on the cut; `share` 0 is a fifth.

    Raises FaultError where inputs and labels do not go together.
    """
    n = len(inputs) if inputs.ndim else 0
    if labels.ndim not in (1, 2) or len(labels) != n:
        got = f"labels of shape {labels.shape} for inputs of shape {inputs.shape}"
        raise fault(where, "not one label an input", got)
    _, codes = np.unique(labels, axis=0, return_inverse=True)
    train, test = cut_test(codes.reshape(-1).astype(np.int32), share)
    arrays = {
        "x_train": inputs[train],
        "y_train": labels[train],
        "x_test": inputs[test],
        "y_test": labels[test],
    }
    note = f"{len(test):,} of {n:,} rows are the test split, of every class its share"
    return arrays, note
