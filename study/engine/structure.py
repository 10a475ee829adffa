"""Structure: what must be traced anew; everything else of a config is a number in the graph."""

from dataclasses import dataclass
from typing import Literal

from study.config import Activation, Normalization, TrainConfig
from study.data.values import About

Kernel = Literal["adam", "nadam", "sgd", "rmsprop", "lion"]
WeightKind = Literal["kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance"]


@dataclass(frozen=True)
class Structure:
    """The key of a trace: two configs with equal structures share one compiled program.

    The flags say whether a part is in the graph at all; its strength is a number. `image` is
    (rows, columns, channels) where images are distorted, else (). `input_type` is the data's own.
    """

    depth: int
    activation: Activation
    normalization: Normalization
    optimizer: Kernel
    nesterov: bool
    dropout: bool
    input_dropout: bool
    weight_decay: bool
    max_norm: bool
    clip_norm: bool
    ema: bool
    affine: bool
    elastic: bool
    mixup: bool
    image: tuple[int, ...]
    input_type: str


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


def structure_of(config: TrainConfig, about: About, input_type: str) -> Structure:
    """Return the structure that a config has on data of this shape and type."""
    affine = max(config.shift, config.rotation, config.scale, config.shear) > 0
    elastic = config.elastic > 0
    return Structure(
        depth=config.depth,
        activation=config.activation,
        normalization=config.normalization,
        # Keras's AdamW is its Adam with weight decay, and so is ours.
        optimizer="adam" if config.optimizer == "adamw" else config.optimizer,
        nesterov=config.optimizer == "sgd" and config.nesterov,
        dropout=config.dropout > 0,
        input_dropout=config.input_dropout > 0,
        weight_decay=config.weight_decay > 0,
        max_norm=config.max_norm > 0,
        clip_norm=config.clip_norm > 0,
        ema=config.ema > 0,
        affine=affine,
        elastic=elastic,
        mixup=config.mixup > 0,
        image=_with_channels(about.image_shape) if affine or elastic else (),
        input_type=input_type,
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
