"""Stored shapes of weights: a few idle units where a width would slow the matrix products down.

A row length that is a large multiple of 256 bytes makes the rows of a matrix compete for the same
places of the processor's cache; measured on one thread, 512 and 1024 wide products run at half
the speed of 528 and 1040 wide ones. An idle unit has only zeros around it. Every activation here
is 0 at 0 and every optimizer leaves a weight 0 whose gradients are all 0, so it stays idle.
"""

import numpy as np
from numpy.typing import NDArray

from study.engine.structure import Structure, Weight, weight_layout
from study.engine.weights import Weights

_IDLE = 16
_SLOW = 64
_SMALL = 256


def stored_width(width: int) -> int:
    """Return the units that a hidden layer of this width takes up in memory."""
    return width + _IDLE if width >= _SMALL and width % _SLOW == 0 else width


def padded(structure: Structure, weights: Weights) -> Weights:
    """Return weights (Keras's order) with idle units added to their hidden layers.

    Layer normalisation takes means over the units of a layer, so there none may be idle.
    """
    if structure.normalization == "layer":
        return weights
    layout = weight_layout(structure.depth, structure.normalization)
    return tuple(
        _padded(structure, place, weight) for place, weight in zip(layout, weights, strict=True)
    )


def _padded(
    structure: Structure, place: Weight, weight: NDArray[np.float32]
) -> NDArray[np.float32]:
    stored = list(weight.shape)
    if place.layer < structure.depth:
        stored[-1] = stored_width(stored[-1])
    if place.kind == "kernel" and place.layer > 0:
        stored[0] = stored_width(stored[0])
    if tuple(stored) == weight.shape:
        return weight
    padding = [(0, new - old) for new, old in zip(stored, weight.shape, strict=True)]
    return np.pad(weight, padding)


def unpadded(stored: Weights, shapes: tuple[tuple[int, ...], ...]) -> Weights:
    """Return copies of stored weights without their idle units, in these shapes."""
    return tuple(
        np.array(weight[tuple(slice(size) for size in shape)], order="C")
        for weight, shape in zip(stored, shapes, strict=True)
    )
