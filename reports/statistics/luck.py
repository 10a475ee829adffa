"""How much better the best of many equally good configs looks by luck alone."""

import math

import numpy as np

_STEP = 0.02
_Z = np.arange(-12.0, 12.0 + _STEP / 2, _STEP)
_DENSITY = np.exp(-_Z * _Z / 2) / math.sqrt(2 * math.pi)
# The logarithm of the normal distribution; scipy would add to the start of every run.
_TAIL = [math.erfc(abs(z) / math.sqrt(2)) / 2 for z in _Z]
_LOG_BELOW = np.array(
    [math.log(tail) if z < 0 else math.log1p(-tail) for z, tail in zip(_Z, _TAIL, strict=True)]
)


def expected_maximum(count: int) -> float:
    """Return the expected largest of `count` standard normal numbers.

    E[max] = integral of x N phi(x) Phi(x)^(N-1) dx (David & Nagaraja 2003, "Order Statistics",
    section 3.1), by the trapezoid rule, which is exact to rounding for such an integrand.
    """
    if count <= 1:
        return 0.0
    density = count * _DENSITY * np.exp((count - 1) * _LOG_BELOW)
    return float(_Z @ density) * _STEP


def expected_luck(count: int, noise: float) -> float:
    """Return by how much the best of `count` equal configs exceeds them all on average.

    `noise` is the standard deviation (fraction) of one config's accuracy around its own mean.
    """
    return expected_maximum(count) * noise


def noise_of_one(seed_variance: float, own_variance: float, n: int) -> float:
    """Return the standard deviation of one training's accuracy on n images.

    `seed_variance` is that between seeds on unlimited images, `own_variance` the part of one
    image's outcome that configs do not share; what they share (hard images) favours none of them.
    """
    return math.sqrt(seed_variance + own_variance / n)
