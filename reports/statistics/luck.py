"""How much better the best of many equally good configs looks by luck alone."""

import math

from scipy import integrate, stats


def expected_maximum(count: int) -> float:
    """Return the expected largest of `count` standard normal numbers.

    E[max] = integral of x N phi(x) Phi(x)^(N-1) dx (David & Nagaraja 2003, "Order Statistics",
    section 3.1).
    """
    if count <= 1:
        return 0.0

    def integrand(x: float) -> float:
        log_density = stats.norm.logpdf(x) + (count - 1) * stats.norm.logcdf(x)
        return float(x * count * math.exp(log_density))

    value, _ = integrate.quad(integrand, -10.0, 12.0, limit=200)
    return float(value)


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
