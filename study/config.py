"""TrainConfig: all a trial needs to be trained, as one frozen value."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from search_spaces.parameters import (
    Activation,
    Initializer,
    Params,
    Scalar,
    Vocabulary,
    complete_params,
    identifying,
    without_idle,
)

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
class TrainConfig(Vocabulary):
    """Hold every parameter of the vocabulary, and what a training makes of them."""

    @property
    def widths(self) -> tuple[int, ...]:
        """Units of each hidden layer, first to last."""
        return tuple(max(1, round(self.width * self.taper**layer)) for layer in range(self.depth))

    @property
    def hidden_initializer(self) -> Initializer:
        """Initializer of the hidden kernels, with `fitting` resolved by the activation."""
        return _FITTING[self.activation] if self.initializer == "fitting" else self.initializer

    def ended_after(self, epochs: int) -> "TrainConfig":
        """Return the config that does what this one did up to an epoch, without a choice of epoch.

        The rate follows the schedule it followed then, planned for all of this config's epochs.
        """
        planned = 0 if self.schedule == "constant" else max(self.epochs, self.schedule_epochs)
        cut = planned if planned > epochs else 0
        return replace(self, patience=0, epochs=epochs, schedule_epochs=cut)

    def as_params(self) -> dict[str, Scalar]:
        """Return every parameter by name, in the vocabulary's order.

        Without what prepares tables, where it has its default.
        """
        return without_idle({field.name: getattr(self, field.name) for field in fields(self)})

    def changes_to(self, other: "TrainConfig") -> dict[str, tuple[Scalar, Scalar]]:
        """Return this config's and the other's value of each parameter in which they differ."""
        pairs = {
            one.name: (getattr(self, one.name), getattr(other, one.name)) for one in fields(self)
        }
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    @cached_property
    def key(self) -> str:
        """Return 16 hex digits that two configs share only when they are equal."""
        text = json.dumps(identifying(self.as_params()), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def config_from_params(params: Params, where: str = "params") -> TrainConfig:
    """Build the config of these params; the rest has the vocabulary's defaults.

    Raises FaultError with every unknown name and every value out of its limits.
    """
    complete: dict[str, Any] = complete_params(where, params)
    return TrainConfig(**complete)
