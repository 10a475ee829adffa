"""Trained weights as arrays in the order of Keras's `get_weights`, and their hash."""

import hashlib

import numpy as np
from numpy.typing import NDArray

Weights = tuple[NDArray[np.float32], ...]


def weights_hash(weights: Weights) -> str:
    """Return the SHA-256 of the weights' shapes and little-endian float32 bytes, in order."""
    digest = hashlib.sha256()
    for weight in weights:
        digest.update(repr(weight.shape).encode())
        digest.update(np.ascontiguousarray(weight, dtype="<f4").tobytes())
    return digest.hexdigest()
