"""The vocabulary: every parameter a training can have, its limits and its baseline default."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from search_spaces.faults import Fault, FaultError, shown

Scalar = bool | int | float | str
Params = Mapping[str, Scalar]


@dataclass(frozen=True)
class IntParameter:
    """Allow whole numbers from low to high, both included."""

    default: int
    low: int
    high: int
    about: str


@dataclass(frozen=True)
class FloatParameter:
    """Allow finite numbers from low to high, both included."""

    default: float
    low: float
    high: float
    about: str


@dataclass(frozen=True)
class ChoiceParameter:
    """Allow one of a list of words, or true and false."""

    default: str | bool
    options: tuple[str | bool, ...]
    about: str


Parameter = IntParameter | FloatParameter | ChoiceParameter

_FLAG = (False, True)

# The defaults are the classic baseline, with Keras 3's own defaults where it says nothing.
PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {
        "depth": IntParameter(2, 1, 8, "hidden layers"),
        "width": IntParameter(512, 1, 8192, "units of the first hidden layer"),
        "taper": FloatParameter(1.0, 0.1, 1.0, "width of each hidden layer over the one before it"),
        "activation": ChoiceParameter(
            "relu", ("relu", "gelu", "silu", "tanh", "elu", "selu"), "activation"
        ),
        "initializer": ChoiceParameter(
            "glorot_uniform",
            (
                "glorot_uniform",
                "glorot_normal",
                "he_uniform",
                "he_normal",
                "lecun_uniform",
                "lecun_normal",
                "fitting",
            ),
            "initial hidden weights; fitting: he_normal, selu lecun_normal, tanh glorot_uniform",
        ),
        "dropout": FloatParameter(0.2, 0.0, 0.95, "share of units dropped after each hidden layer"),
        "input_dropout": FloatParameter(0.0, 0.0, 0.95, "share of inputs dropped"),
        "normalization": ChoiceParameter(
            "none", ("none", "batch", "layer"), "normalization before each activation"
        ),
        "optimizer": ChoiceParameter(
            "adam", ("adam", "adamw", "nadam", "sgd", "rmsprop", "lion"), "optimizer"
        ),
        "learning_rate": FloatParameter(0.001, 1e-7, 10.0, "highest learning rate of the schedule"),
        "beta_1": FloatParameter(
            0.9, 0.0, 0.9999, "decay of the first moment: adam, adamw, nadam, lion"
        ),
        "beta_2": FloatParameter(
            0.999, 0.0, 0.99999, "decay of the second moment: adam, adamw, nadam, lion"
        ),
        "epsilon": FloatParameter(
            1e-7, 1e-12, 0.1, "added to the denominator: adam, adamw, nadam, rmsprop"
        ),
        "momentum": FloatParameter(0.0, 0.0, 0.9999, "momentum: sgd, rmsprop"),
        "nesterov": ChoiceParameter(False, _FLAG, "Nesterov's momentum: sgd"),
        "rho": FloatParameter(0.9, 0.0, 0.9999, "decay of the mean square: rmsprop"),
        "schedule": ChoiceParameter(
            "constant", ("constant", "cosine", "one_cycle", "step"), "course of the learning rate"
        ),
        "warmup": FloatParameter(
            0.0, 0.0, 0.9, "share of all steps that ramp up: cosine, one_cycle"
        ),
        "final_rate": FloatParameter(
            0.0, 0.0, 1.0, "last learning rate over the highest: cosine, one_cycle"
        ),
        "step_every": FloatParameter(0.5, 0.01, 1.0, "share of all steps between two drops: step"),
        "step_factor": FloatParameter(
            0.1, 1e-4, 1.0, "rate after a drop over the rate before it: step"
        ),
        "weight_decay": FloatParameter(
            0.0, 0.0, 1.0, "decoupled decay of the kernels a step, times the rate"
        ),
        "max_norm": FloatParameter(
            0.0, 0.0, 100.0, "largest norm of the weights into a hidden unit; 0 = no limit"
        ),
        "label_smoothing": FloatParameter(
            0.0, 0.0, 0.9, "share of the label spread over all classes"
        ),
        "clip_norm": FloatParameter(
            0.0, 0.0, 1000.0, "largest global norm of a gradient; 0 = no limit"
        ),
        "ema": FloatParameter(
            0.0, 0.0, 0.99999, "decay of the averaged weights that are kept; 0 = no averaging"
        ),
        "batch_size": IntParameter(128, 1, 65536, "images a step"),
        "epochs": IntParameter(5, 1, 10000, "passes over the training images"),
        "patience": IntParameter(
            0, 0, 10000, "epochs without a better validation loss before stopping; 0 = never"
        ),
        "shift": FloatParameter(0.0, 0.0, 16.0, "largest random shift, pixels"),
        "rotation": FloatParameter(0.0, 0.0, 180.0, "largest random rotation, degrees"),
        "scale": FloatParameter(0.0, 0.0, 0.9, "largest random change of size, a share of it"),
        "shear": FloatParameter(0.0, 0.0, 60.0, "largest random shear, degrees"),
        "elastic": FloatParameter(
            0.0, 0.0, 16.0, "elastic displacement (standard deviation), pixels; 0 = none"
        ),
        "elastic_sigma": FloatParameter(4.0, 0.5, 16.0, "smoothness of elastic distortion, pixels"),
        "mixup": FloatParameter(0.0, 0.0, 10.0, "alpha of mixup's Beta distribution; 0 = none"),
    }
)


def check_value(where: str, name: str, value: object) -> list[Fault]:
    """List what is wrong with a value of a parameter of the vocabulary (empty when all is well)."""
    parameter = PARAMETERS.get(name)
    if parameter is None:
        return [Fault(where, f"unknown parameter {name!r}", name, ", ".join(PARAMETERS))]
    if _fits(parameter, value):
        return []
    return [Fault(where, f"value not allowed for {name}", shown(value), allowed_values(parameter))]


def _fits(parameter: Parameter, value: object) -> bool:
    match parameter:
        case ChoiceParameter(options=options):
            return any(value == option and type(value) is type(option) for option in options)
        case IntParameter(low=low, high=high):
            return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        case FloatParameter(low=low, high=high):
            number = isinstance(value, int | float) and not isinstance(value, bool)
            # False for nan and the infinities too, and safe for whole numbers beyond every float
            return number and low <= value <= high  # type: ignore[operator]


def allowed_values(parameter: Parameter) -> str:
    """Say in words which values a parameter may take."""
    match parameter:
        case ChoiceParameter(options=options):
            return ", ".join(str(option).lower() for option in options)
        case IntParameter(low=low, high=high):
            return f"a whole number from {low} to {high}"
        case FloatParameter(low=low, high=high):
            return f"a number from {low:g} to {high:g}"


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


def typed_value(name: str, value: Scalar) -> Scalar:
    """Return a legal value in its parameter's own type: 1 and -0.0 become 1.0 and 0.0."""
    return float(value) + 0.0 if isinstance(PARAMETERS[name], FloatParameter) else value
