"""One optimizer step on a variable, by fused kernels where they are Keras's formula."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import tensorflow as tf

from search_spaces.optimizers import Optimizer
from study.engine.scalars import Scalars
from study.engine.schedule import StepRow
from study.engine.structure import Structure

Update = Callable[[Any, list[Any], Any, Scalars, StepRow], None]


def _adam(variable: Any, slots: list[Any], gradient: Any, scalars: Scalars, row: StepRow) -> None:
    """Do m += (g - m)(1 - b1); v += (g^2 - v)(1 - b2); w -= a m / (sqrt v + eps).

    a = rate sqrt(1 - b2^t) / (1 - b1^t). Source: Kingma & Ba 2015, section 2, the last form.
    """
    tf.raw_ops.ResourceApplyAdam(
        var=variable.handle,
        m=slots[0].handle,
        v=slots[1].handle,
        beta1_power=row.beta_1_power,
        beta2_power=row.beta_2_power,
        lr=row.rate,
        beta1=scalars["beta_1"],
        beta2=scalars["beta_2"],
        epsilon=scalars["epsilon"],
        grad=gradient,
    )


def _nadam(variable: Any, slots: list[Any], gradient: Any, scalars: Scalars, row: StepRow) -> None:
    """m, v as Adam's; w -= rate (p m + q g) / (sqrt(v / (1 - b2^t)) + eps).

    p and q come with the step's row. Source: Dozat 2016.
    """
    moment, square = slots
    new_m = moment + (gradient - moment) * (1.0 - scalars["beta_1"])
    new_v = square + (tf.square(gradient) - square) * (1.0 - scalars["beta_2"])
    mixed = row.nadam_moment * new_m + row.nadam_gradient * gradient
    root = tf.sqrt(new_v * (1.0 / (1.0 - row.beta_2_power))) + scalars["epsilon"]
    moment.assign(new_m)
    square.assign(new_v)
    variable.assign_sub(mixed * row.rate / root)


def _momentum(
    variable: Any, slots: list[Any], gradient: Any, scalars: Scalars, row: StepRow
) -> None:
    """Do a = momentum a - rate g; w += a. Without momentum this is plain descent."""
    _keras_momentum(variable, slots, gradient, scalars, row, nesterov=False)


def _nesterov(
    variable: Any, slots: list[Any], gradient: Any, scalars: Scalars, row: StepRow
) -> None:
    """Do a = momentum a - rate g; w += momentum a - rate g. Source: Sutskever et al. 2013."""
    _keras_momentum(variable, slots, gradient, scalars, row, nesterov=True)


def _keras_momentum(
    variable: Any,
    slots: list[Any],
    gradient: Any,
    scalars: Scalars,
    row: StepRow,
    *,
    nesterov: bool,
) -> None:
    tf.raw_ops.ResourceApplyKerasMomentum(
        var=variable.handle,
        accum=slots[0].handle,
        lr=row.rate,
        grad=gradient,
        momentum=scalars["momentum"],
        use_nesterov=nesterov,
    )


def _rmsprop(
    variable: Any, slots: list[Any], gradient: Any, scalars: Scalars, row: StepRow
) -> None:
    """Do s = rho s + (1 - rho) g^2; a = momentum a + rate g / sqrt(s + eps); w -= a."""
    tf.raw_ops.ResourceApplyRMSProp(
        var=variable.handle,
        ms=slots[0].handle,
        mom=slots[1].handle,
        lr=row.rate,
        rho=scalars["rho"],
        momentum=scalars["momentum"],
        epsilon=scalars["epsilon"],
        grad=gradient,
    )


def _lion(variable: Any, slots: list[Any], gradient: Any, scalars: Scalars, row: StepRow) -> None:
    """Do w -= rate sign(b1 m + (1 - b1) g); m = b2 m + (1 - b2) g.

    Source: Chen et al. 2023.
    """
    moment = tf.identity(slots[0])
    direction = tf.sign(moment * scalars["beta_1"] + gradient * (1.0 - scalars["beta_1"]))
    slots[0].assign(moment * scalars["beta_2"] + gradient * (1.0 - scalars["beta_2"]))
    descend(variable, row.rate, direction)


def descend(variable: Any, rate: Any, direction: Any) -> None:
    """Subtract rate (a scalar) times direction from a variable."""
    tf.raw_ops.ResourceApplyGradientDescent(var=variable.handle, alpha=rate, delta=direction)


@dataclass(frozen=True)
class Rule:
    """How an optimizer steps, and how many variables of its own it has beside each weight."""

    update: Update
    variables: int


_ADAM = Rule(_adam, 2)
# What Keras calls each is in search_spaces/optimizers.py.
RULES: Mapping[Optimizer, Rule] = MappingProxyType(
    {
        "adam": _ADAM,
        "adamw": _ADAM,
        "nadam": Rule(_nadam, 2),
        "sgd": Rule(_momentum, 1),
        "rmsprop": Rule(_rmsprop, 2),
        "lion": Rule(_lion, 1),
    }
)


def update_of(structure: Structure) -> Update:
    """Return the function that changes (variable, its slots) by (gradient, scalars, step row)."""
    return _nesterov if structure.nesterov else RULES[structure.optimizer].update
