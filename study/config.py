"""TrainConfig: all a trial needs to be trained, as one frozen value."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Literal, get_args

from search_spaces.parameters import Params, Scalar, complete_params

Activation = Literal["relu", "gelu", "silu", "tanh", "elu", "selu"]
Initializer = Literal[
    "glorot_uniform",
    "glorot_normal",
    "he_uniform",
    "he_normal",
    "lecun_uniform",
    "lecun_normal",
    "fitting",
]
Normalization = Literal["none", "batch", "layer"]
Optimizer = Literal["adam", "adamw", "nadam", "sgd", "rmsprop", "lion"]
Schedule = Literal["constant", "cosine", "one_cycle", "step"]

# He et al. 2015 for the rectifier's kin, Klambauer et al. 2017 for selu, Glorot & Bengio 2010.
_FITTING: Mapping[Activation, Initializer] = MappingProxyType(
    {
        "relu": "he_normal",
        "gelu": "he_normal",
        "silu": "he_normal",
        "elu": "he_normal",
        "selu": "lecun_normal",
        "tanh": "glorot_uniform",
    }
)


@dataclass(frozen=True)
class TrainConfig:
    """Hold every parameter of the vocabulary; `search_spaces.parameters` says what each means."""

    depth: int
    width: int
    taper: float
    activation: Activation
    initializer: Initializer
    dropout: float
    input_dropout: float
    normalization: Normalization
    optimizer: Optimizer
    learning_rate: float
    beta_1: float
    beta_2: float
    epsilon: float
    momentum: float
    nesterov: bool
    rho: float
    schedule: Schedule
    warmup: float
    final_rate: float
    step_every: float
    step_factor: float
    weight_decay: float
    max_norm: float
    label_smoothing: float
    clip_norm: float
    ema: float
    batch_size: int
    epochs: int
    patience: int
    shift: float
    rotation: float
    scale: float
    shear: float
    elastic: float
    elastic_sigma: float
    mixup: float

    @property
    def widths(self) -> tuple[int, ...]:
        """Units of each hidden layer, first to last."""
        return tuple(max(1, round(self.width * self.taper**layer)) for layer in range(self.depth))

    @property
    def hidden_initializer(self) -> Initializer:
        """Initializer of the hidden kernels, with `fitting` resolved by the activation."""
        return _FITTING[self.activation] if self.initializer == "fitting" else self.initializer

    def as_params(self) -> dict[str, Scalar]:
        """Return every parameter by name, in the vocabulary's order."""
        return asdict(self)

    @property
    def key(self) -> str:
        """Return 16 hex digits that two configs share only when they are equal."""
        text = json.dumps(self.as_params(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def config_from_params(params: Params, where: str = "params") -> TrainConfig:
    """Build the config of these params; the rest has the vocabulary's defaults.

    Raises FaultError with every unknown name and every value out of its limits.
    """
    complete: dict[str, Any] = complete_params(where, params)
    return TrainConfig(**complete)


OPTIMIZERS: tuple[Optimizer, ...] = get_args(Optimizer)
