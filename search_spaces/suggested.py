"""A space for data of a certain size and shape, with a reason for each of its ranges."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from search_spaces.parameters import Scalar
from search_spaces.space import (
    ChoiceDomain,
    Domain,
    FloatDomain,
    IntDomain,
    OneOf,
    SearchedParameter,
)

# Five epochs of MNIST are 2,345 steps; the baseline on fewer rows is given at least so many.
_LEAST_STEPS = 1000
_CLASSIC_EPOCHS = 5
_MOST_EPOCHS = 100
_SMALLEST_BATCH, _CLASSIC_BATCH = 16, 128
# The classic batch is halved, where rows are few, until an epoch has so many steps.
_STEPS_AN_EPOCH = 80
_FEW_ROWS, _MANY_ROWS = 5_000, 20_000
# Images of fewer pixels in height or width are too small to be shifted or turned.
_SMALLEST_SIDE = 8
_DEEPER = "20,000 and more may be worth a fourth hidden layer"
_SHALLOW = "fewer than 20,000 seldom need a fourth hidden layer"


@dataclass(frozen=True)
class Shape:
    """What the ranges follow from: training rows, numbers a row, and what the numbers are.

    `image_shape` is (height, width) or (height, width, channels), empty for what is no image.
    `numbers` and `categories` count the columns of a table; both are 0 for what is no table.
    """

    train_n: int
    features: int
    image_shape: tuple[int, ...] = ()
    numbers: int = 0
    categories: int = 0


@dataclass(frozen=True)
class Suggestion:
    """One searched parameter and where its range comes from."""

    parameter: SearchedParameter
    reason: str


def suggested(shape: Shape) -> tuple[Suggestion, ...]:
    """Return what to search, in the order of a file."""
    classic = classic_network(shape)
    batch, epochs = int(classic["batch_size"]), int(classic["epochs"])
    few, many = shape.train_n < _FEW_ROWS, shape.train_n >= _MANY_ROWS
    rows = f"{shape.train_n:,} training rows"
    found: dict[str, tuple[Domain, str]] = {
        "depth": (
            IntDomain(1, 4 if many else 3),
            f"{rows}: " + (_DEEPER if many else _SHALLOW),
        ),
        "width": (
            IntDomain(32 if shape.features < 100 else 64, 2048 if many else 1024, log=True),
            f"{shape.features:,} inputs a row and {rows}, around the classic 512",
        ),
        "activation": (ChoiceDomain(("relu", "gelu", "silu")), "the three in common use"),
        "dropout": (
            FloatDomain(0.0, 0.6 if few else 0.5),
            f"{rows}: " + ("few, which may need much of it" if few else "up to half of the units"),
        ),
        "normalization": (ChoiceDomain(("none", "batch", "layer")), "whatever the data"),
        "optimizer": (ChoiceDomain(("adam", "adamw")), "adamw is adam with weight decay"),
        "learning_rate": (
            FloatDomain(0.0001, 0.01, log=True),
            "a factor of ten to both sides of adam's usual 0.001",
        ),
        "schedule": (
            ChoiceDomain(("constant", "cosine")),
            "a rate that falls to 0 helps where epochs are many",
        ),
        "weight_decay": (FloatDomain(0.0001, 0.3, log=True), "from next to nothing to a lot"),
        "batch_size": (
            IntDomain(max(8, batch // 4), batch * 4, log=True),
            f"around the baseline's {batch}, up to four times as many",
        ),
        "epochs": (
            IntDomain(max(2, epochs // 2), epochs * 4, log=True),
            f"from half to four times the baseline's {epochs}",
        ),
    }
    found |= _of_images(shape) | _of_tables(shape)
    when = {"weight_decay": {"optimizer": OneOf(("adamw",))}}
    return tuple(
        Suggestion(SearchedParameter(name, domain, when.get(name, {})), reason)
        for name, (domain, reason) in found.items()
    )


def classic_network(shape: Shape) -> Mapping[str, Scalar]:
    """Return the classic network, with batch size and epochs for this many rows.

    On about 25,600 rows and more it is MNIST's: batches of 128, five epochs. On fewer, batches are
    halved until an epoch has 80 steps, down to 16, and epochs are added until there are 1,000
    steps, up to 100 epochs.
    """
    batch = _CLASSIC_BATCH
    while batch > _SMALLEST_BATCH and shape.train_n < batch * _STEPS_AN_EPOCH:
        batch //= 2
    steps = math.ceil(shape.train_n / batch)
    epochs = max(_CLASSIC_EPOCHS, 5 * math.ceil(_LEAST_STEPS / max(1, steps) / 5))
    return {
        "depth": 2,
        "width": 512,
        "activation": "relu",
        "dropout": 0.2,
        "optimizer": "adam",
        "learning_rate": 0.001,
        "batch_size": batch,
        "epochs": min(_MOST_EPOCHS, epochs),
    }


def _of_images(shape: Shape) -> dict[str, tuple[Domain, str]]:
    side = min(shape.image_shape[:2], default=0)
    if len(shape.image_shape) not in (2, 3) or side < _SMALLEST_SIDE:
        return {}
    pixels = " x ".join(map(str, shape.image_shape[:2]))
    furthest = float(min(16, side // 8))
    return {
        "shift": (FloatDomain(0.0, furthest), f"images of {pixels}: up to an eighth of that"),
        "rotation": (
            FloatDomain(0.0, 15.0),
            "degrees; leave it out where a turned image has another class",
        ),
    }


def _of_tables(shape: Shape) -> dict[str, tuple[Domain, str]]:
    found: dict[str, tuple[Domain, str]] = {}
    if shape.numbers:
        ways = ("standard", "quantile_normal", "quantile_uniform")
        counted = f"{shape.numbers:,} column{'s' * (shape.numbers != 1)} of numbers"
        found["scaling"] = (ChoiceDomain(ways), f"{counted}, which may have long tails")
    if shape.categories:
        words = "categories" if shape.categories != 1 else "a category"
        counted = f"{shape.categories:,} column{'s' * (shape.categories != 1)} of {words}"
        least = round(max(0.0005, min(0.005, 2 / max(1, shape.train_n))), 4)
        found["rare_level_share"] = (
            FloatDomain(least, 0.1, log=True),
            f"{counted}: rarer levels count as one",
        )
    return found
