"""The vocabulary: every parameter a training can have, its limits and its baseline default."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Literal

from search_spaces.faults import Fault, FaultError, shown
from search_spaces.kinds import (
    FloatParameter,
    IntParameter,
    Parameter,
    allowed_values,
    fits,
    flag,
    number,
    parameter_of,
    whole,
    word,
)
from search_spaces.optimizers import Optimizer, optimizers_with

Scalar = bool | int | float | str
Params = Mapping[str, Scalar]


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
Schedule = Literal["constant", "cosine", "one_cycle", "step"]
ClassWeights = Literal["none", "balanced"]
Scaling = Literal["standard", "quantile_normal", "quantile_uniform"]


@dataclass(frozen=True)
class Vocabulary:
    """Hold a value for every parameter; each field says its default, its limits and its meaning.

    The defaults are the classic baseline, with Keras 3's own defaults where it says nothing.
    """

    depth: int = whole(2, 1, 8, "hidden layers")
    width: int = whole(512, 1, 8192, "units of the first hidden layer")
    taper: float = number(1.0, 0.1, 1.0, "width of each hidden layer over the one before it")
    activation: Activation = word("relu", Activation, "activation")
    initializer: Initializer = word(
        "glorot_uniform",
        Initializer,
        "initial hidden weights; fitting: he_normal, selu lecun_normal, tanh glorot_uniform",
    )
    dropout: float = number(
        0.2, 0.0, 0.95, "share of units dropped after each hidden layer", switches="dropout"
    )
    input_dropout: float = number(
        0.0, 0.0, 0.95, "share of inputs dropped", switches="input_dropout"
    )
    normalization: Normalization = word(
        "none", Normalization, "normalization before each activation"
    )
    optimizer: Optimizer = word("adam", Optimizer, "optimizer")
    learning_rate: float = number(0.001, 1e-7, 10.0, "highest learning rate of the schedule")
    beta_1: float = number(
        0.9, 0.0, 0.9999, f"decay of the first moment: {optimizers_with('beta_1')}"
    )
    beta_2: float = number(
        0.999, 0.0, 0.99999, f"decay of the second moment: {optimizers_with('beta_2')}"
    )
    epsilon: float = number(
        1e-7, 1e-12, 0.1, f"added to the denominator: {optimizers_with('epsilon')}"
    )
    momentum: float = number(0.0, 0.0, 0.9999, f"momentum: {optimizers_with('momentum')}")
    nesterov: bool = flag(False, f"Nesterov's momentum: {optimizers_with('nesterov')}")
    rho: float = number(0.9, 0.0, 0.9999, f"decay of the mean square: {optimizers_with('rho')}")
    schedule: Schedule = word("constant", Schedule, "course of the learning rate")
    warmup: float = number(0.0, 0.0, 0.9, "share of all steps that ramp up: cosine, one_cycle")
    final_rate: float = number(
        0.0, 0.0, 1.0, "last learning rate over the highest: cosine, one_cycle"
    )
    step_every: float = number(0.5, 0.01, 1.0, "share of all steps between two drops: step")
    step_factor: float = number(0.1, 1e-4, 1.0, "rate after a drop over the rate before it: step")
    weight_decay: float = number(
        0.0,
        0.0,
        1.0,
        "decoupled decay of the kernels a step, times the rate",
        switches="weight_decay",
    )
    max_norm: float = number(
        0.0,
        0.0,
        100.0,
        "largest norm of the weights into a hidden unit; 0 = no limit",
        switches="max_norm",
    )
    label_smoothing: float = number(0.0, 0.0, 0.9, "share of the label spread over all classes")
    clip_norm: float = number(
        0.0, 0.0, 1000.0, "largest global norm of a gradient; 0 = no limit", switches="clip_norm"
    )
    ema: float = number(
        0.0,
        0.0,
        0.99999,
        "decay of the averaged weights that are kept; 0 = no averaging",
        switches="ema",
    )
    class_weights: ClassWeights = word(
        "none", ClassWeights, "what classes count in the loss; balanced: all of them the same"
    )
    batch_size: int = whole(128, 1, 65536, "images a step")
    epochs: int = whole(5, 1, 10000, "passes over the training images")
    patience: int = whole(
        0, 0, 10000, "epochs without a better validation loss before stopping; 0 = never"
    )
    schedule_epochs: int = whole(
        0,
        0,
        10000,
        "epochs the schedule of the rate is planned for, where that is more than epochs",
    )
    shift: float = number(0.0, 0.0, 16.0, "largest random shift, pixels", switches="affine")
    rotation: float = number(0.0, 0.0, 180.0, "largest random rotation, degrees", switches="affine")
    scale: float = number(
        0.0, 0.0, 0.9, "largest random change of size, a share of it", switches="affine"
    )
    shear: float = number(0.0, 0.0, 60.0, "largest random shear, degrees", switches="affine")
    elastic: float = number(
        0.0,
        0.0,
        16.0,
        "elastic displacement (standard deviation), pixels; 0 = none",
        switches="elastic",
    )
    elastic_sigma: float = number(4.0, 0.5, 16.0, "smoothness of elastic distortion, pixels")
    mixup: float = number(
        0.0, 0.0, 10.0, "alpha of mixup's Beta distribution; 0 = none", switches="mixup"
    )
    scaling: Scaling = word("standard", Scaling, "how a table's numbers are scaled", of_tables=True)
    rare_level_share: float = number(
        0.01,
        0.0,
        0.5,
        "levels of a table's category below this share of the rows count as one",
        of_tables=True,
    )


PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {one.name: parameter_of(one) for one in fields(Vocabulary)}
)

# What prepares the columns of a table.
OF_TABLES: frozenset[str] = frozenset(
    name for name, one in PARAMETERS.items() if not isinstance(one, IntParameter) and one.of_tables
)
# Came after the first edition. Where one has its default, what a config or a space is known by
# leaves it out, so that studies of editions before are the same studies still.
_LATER = OF_TABLES | {"schedule_epochs", "class_weights"}
# What a config does not name where it has its default.
UNNAMED = OF_TABLES | {"class_weights"}


def check_value(where: str, name: str, value: object) -> list[Fault]:
    """List what is wrong with a value of a parameter of the vocabulary (empty when all is well)."""
    parameter = PARAMETERS.get(name)
    if parameter is None:
        return [Fault(where, f"unknown parameter {name!r}", name, ", ".join(PARAMETERS))]
    if fits(parameter, value):
        return []
    return [Fault(where, f"value not allowed for {name}", shown(value), allowed_values(parameter))]


def complete_params(where: str, params: Params) -> dict[str, Scalar]:
    """Fill params with the vocabulary's defaults, in the vocabulary's order and types.

    Raises FaultError with every unknown name and every value out of its limits.
    """
    faults = [f for name, value in params.items() for f in check_value(where, name, value)]
    if faults:
        raise FaultError(*faults)
    return {
        name: typed_value(name, params.get(name, parameter.default))
        for name, parameter in PARAMETERS.items()
    }


def identifying(complete: Params) -> dict[str, Scalar]:
    """Return those of complete params that a config or a space is known by."""
    return {
        name: value
        for name, value in complete.items()
        if name not in _LATER or value != PARAMETERS[name].default
    }


def without_idle(params: Params) -> dict[str, Scalar]:
    """Leave out what prepares tables, and the weights of classes, where they have their defaults.

    So a config of images has nothing of tables, and one that is older stays the one that it was.
    """
    return {
        name: value
        for name, value in params.items()
        if name not in UNNAMED or value != PARAMETERS[name].default
    }


def typed_value(name: str, value: Scalar) -> Scalar:
    """Return a legal value in its parameter's own type: 1 and -0.0 become 1.0 and 0.0."""
    return float(value) + 0.0 if isinstance(PARAMETERS[name], FloatParameter) else value
