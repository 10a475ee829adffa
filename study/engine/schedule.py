"""The learning rate of every step, and what else of an optimizer changes with the step."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from study.config import TrainConfig

Numbers = NDArray[np.float64]


class StepRow(NamedTuple):
    """What a step is given: one column each (scalar float32 tensors inside the graph).

    `beta_1_power` and `beta_2_power` are beta^t of the 1-based step t; `nadam_moment` and
    `nadam_gradient` are the two factors of Nadam's bias-corrected mix; `ema` the average's decay.
    """

    rate: Any
    beta_1_power: Any
    beta_2_power: Any
    nadam_moment: Any
    nadam_gradient: Any
    ema: Any


def learning_rates(config: TrainConfig, steps: int) -> Numbers:
    """Return the learning rate of each of a training's `steps` planned steps.

    Let s = 0 .. steps-1 be the step, W = round(warmup * steps), top = learning_rate,
    low = final_rate * top, and p = (s - W) / max(1, steps - 1 - W) for s >= W.

    constant:  top
    cosine:    s < W: top * (s + 1) / (W + 1); else low + (top - low) * (1 + cos(pi p)) / 2
    one_cycle: s < W: top/25 + (top - top/25) * (1 - cos(pi s / W)) / 2; else as cosine
    step:      top * step_factor^k, k = floor(s / max(1, round(step_every * steps)))

    Sources: Loshchilov & Hutter 2017 (cosine), Smith & Topin 2018 (one cycle).
    """
    s = np.arange(steps, dtype=np.float64)
    top = config.learning_rate
    if config.schedule == "constant":
        return np.full(steps, top)
    if config.schedule == "step":
        every = max(1, round(config.step_every * steps))
        return np.asarray(top * config.step_factor ** np.floor(s / every))
    ramp = round(config.warmup * steps)
    low = config.final_rate * top
    progress = np.clip((s - ramp) / max(1, steps - 1 - ramp), 0.0, 1.0)
    falling = low + (top - low) * (1 + np.cos(math.pi * progress)) / 2
    if config.schedule == "cosine":
        rising = top * (s + 1) / (ramp + 1)
    else:
        rising = top / 25 + (top - top / 25) * (1 - np.cos(math.pi * s / max(1, ramp))) / 2
    return np.where(s < ramp, rising, falling)


def step_table(config: TrainConfig, steps: int) -> NDArray[np.float32]:
    """Return one StepRow for each planned step, as a matrix (steps, len(StepRow._fields))."""
    t = np.arange(1, steps + 1, dtype=np.float64)
    moment, gradient = _nadam_factors(config.beta_1, t)
    ema = np.full(steps, config.ema)
    ema[:1] = 0.0  # the average starts as the weights after the first step
    row = StepRow(
        rate=learning_rates(config, steps),
        beta_1_power=config.beta_1**t,
        beta_2_power=config.beta_2**t,
        nadam_moment=moment,
        nadam_gradient=gradient,
        ema=ema,
    )
    return np.stack(row, axis=1).astype(np.float32)


def _nadam_factors(beta_1: float, t: Numbers) -> tuple[Numbers, Numbers]:
    """Return u_{t+1} / (1 - U_{t+1}) and (1 - u_t) / (1 - U_t), U_t the product of u_1 .. u_t.

    u_t = beta_1 (1 - 0.96^t / 2). Source: Dozat 2016, with Keras's decay of 0.96.
    """
    now = beta_1 * (1 - 0.5 * 0.96**t)
    following = beta_1 * (1 - 0.5 * 0.96 ** (t + 1))
    product = np.cumprod(now)
    return following / (1 - product * following), (1 - now) / (1 - product)
