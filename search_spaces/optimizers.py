"""The optimizers: what Keras calls each, and which parameters it takes by their own names."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Optimizer = Literal["adam", "adamw", "nadam", "sgd", "rmsprop", "lion"]


@dataclass(frozen=True)
class KerasOptimizer:
    """An optimizer's class in `keras.optimizers`, and its arguments that are our parameters too."""

    name: str
    takes: tuple[str, ...]


# The steps themselves are in study/engine/optimizers.py.
OPTIMIZERS: Mapping[Optimizer, KerasOptimizer] = MappingProxyType(
    {
        "adam": KerasOptimizer("Adam", ("beta_1", "beta_2", "epsilon")),
        # Keras's AdamW decays unless it is told not to.
        "adamw": KerasOptimizer("AdamW", ("beta_1", "beta_2", "epsilon", "weight_decay")),
        "nadam": KerasOptimizer("Nadam", ("beta_1", "beta_2", "epsilon")),
        "sgd": KerasOptimizer("SGD", ("momentum", "nesterov")),
        "rmsprop": KerasOptimizer("RMSprop", ("rho", "momentum", "epsilon")),
        "lion": KerasOptimizer("Lion", ("beta_1", "beta_2")),
    }
)


def optimizers_with(parameter: str) -> str:
    """Return the optimizers that take a parameter, in words."""
    return ", ".join(name for name, keras in OPTIMIZERS.items() if parameter in keras.takes)
