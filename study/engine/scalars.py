"""The numbers of a config that enter the graph as one vector, so that none of them retraces."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from study.config import TrainConfig


class Scalars(NamedTuple):
    """One number (float on the way in, scalar float32 tensor inside the graph) a parameter.

    `full_scale` is what inputs are divided by.
    """

    full_scale: Any
    dropout: Any
    input_dropout: Any
    beta_1: Any
    beta_2: Any
    epsilon: Any
    momentum: Any
    rho: Any
    weight_decay: Any
    max_norm: Any
    label_smoothing: Any
    clip_norm: Any
    shift: Any
    rotation: Any
    scale: Any
    shear: Any
    elastic: Any
    elastic_sigma: Any


def scalar_vector(config: TrainConfig, full_scale: float) -> NDArray[np.float32]:
    """Return the vector (len(Scalars._fields),) that the graph unpacks into Scalars."""
    params = config.as_params() | {"full_scale": full_scale}
    return np.asarray([params[name] for name in Scalars._fields], dtype=np.float32)
