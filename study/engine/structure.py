"""Structure: what must be traced anew; everything else of a config is a number in the graph."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from search_spaces.kinds import FloatParameter
from search_spaces.measures import MeasureName
from search_spaces.optimizers import Optimizer
from search_spaces.parameters import PARAMETERS, Activation, Normalization
from study.config import TrainConfig
from study.data.values import About

_NUMBERS = {name: one for name, one in PARAMETERS.items() if isinstance(one, FloatParameter)}
WeightKind = Literal["kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance"]

# The parts that a training has or has not, each with the parameters that switch it on.
SWITCHES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        part: tuple(name for name, other in _NUMBERS.items() if other.switches == part)
        for part in dict.fromkeys(number.switches for number in _NUMBERS.values())
        if part
    }
)
_DISTORTIONS = frozenset({"affine", "elastic"})


@dataclass(frozen=True)
class Structure:
    """The key of a trace: two configs with equal structures share one compiled program.

    `parts` are the switched ones that are in the graph at all; how strong each is, is a number.
    `image` is (rows, columns, channels) where images are distorted, else (). `input_type` is the
    data's own. `weighted` training rows count differently in the loss, `own_weights` rows have
    weights of their own, in validation too. `measure` is None where accuracy is all that validation
    rows are asked for.
    """

    depth: int
    activation: Activation
    normalization: Normalization
    optimizer: Optimizer
    nesterov: bool
    parts: frozenset[str]
    image: tuple[int, ...]
    input_type: str
    weighted: bool
    own_weights: bool
    measure: MeasureName | None

    def has(self, part: str) -> bool:
        """Tell whether a part is in the graph; raises KeyError where no parameter switches it."""
        if part not in SWITCHES:
            raise KeyError(part)
        return part in self.parts

    @property
    def distorts(self) -> bool:
        """Tell whether images are distorted."""
        return bool(_DISTORTIONS & self.parts)


@dataclass(frozen=True)
class Weight:
    """One weight's place: its kind and its layer, 0-based; layer `depth` is the output layer."""

    kind: WeightKind
    layer: int

    @property
    def trained(self) -> bool:
        """Tell whether the optimizer changes this weight."""
        return self.kind not in ("moving_mean", "moving_variance")

    @property
    def rank(self) -> int:
        """Return the number of axes."""
        return 2 if self.kind == "kernel" else 1


def structure_of(
    config: TrainConfig, about: About, input_type: str, measure: MeasureName = "accuracy"
) -> Structure:
    """Return the structure that a config has on data of this shape and type."""
    params = config.as_params()
    parts = {part for part, names in SWITCHES.items() if any(params[name] for name in names)}
    return Structure(
        depth=config.depth,
        activation=config.activation,
        normalization=config.normalization,
        # Keras's AdamW is its Adam with weight decay, and so is ours.
        optimizer="adam" if config.optimizer == "adamw" else config.optimizer,
        nesterov=config.optimizer == "sgd" and config.nesterov,
        parts=frozenset(parts),
        image=_with_channels(about.image_shape) if _DISTORTIONS & parts else (),
        input_type=input_type,
        weighted=config.class_weights != "none" or bool(about.weight),
        own_weights=bool(about.weight),
        measure=None if measure == "accuracy" else measure,
    )


def _with_channels(image_shape: tuple[int, ...]) -> tuple[int, ...]:
    return (*image_shape, 1) if len(image_shape) == 2 else image_shape


def weight_layout(depth: int, normalization: Normalization) -> tuple[Weight, ...]:
    """List the weights in the order of Keras's `get_weights`."""
    norm: tuple[WeightKind, ...] = {
        "none": (),
        "batch": ("gamma", "beta", "moving_mean", "moving_variance"),
        "layer": ("gamma", "beta"),
    }[normalization]  # type: ignore[assignment]
    hidden: tuple[WeightKind, ...] = ("kernel", "bias", *norm)
    return (
        *(Weight(kind, layer) for layer in range(depth) for kind in hidden),
        Weight("kernel", depth),
        Weight("bias", depth),
    )
