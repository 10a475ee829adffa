"""The numbers of a config that enter the graph as one vector, so that none of them retraces."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_spaces.kinds import FloatParameter
from search_spaces.parameters import PARAMETERS
from study.config import TrainConfig

# By name: floats on the way in, scalar float32 tensors inside the graph.
Scalars = Mapping[str, Any]

# What inputs are divided by, then every number of the vocabulary that is one of the training.
SCALARS: tuple[str, ...] = (
    "full_scale",
    *(
        name
        for name, one in PARAMETERS.items()
        if isinstance(one, FloatParameter) and not one.of_tables
    ),
)


def scalar_vector(config: TrainConfig, full_scale: float) -> NDArray[np.float32]:
    """Return the vector (len(SCALARS),) that enters the graph."""
    params = config.as_params() | {"full_scale": full_scale}
    return np.asarray([params[name] for name in SCALARS], dtype=np.float32)


def named_scalars(numbers: Iterable[Any]) -> Scalars:
    """Return the numbers of a vector by name."""
    return dict(zip(SCALARS, numbers, strict=True))
