"""Repeated looks at growing numbers of seeds without more false answers."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

_GRID = 1001

# Where a sum of increments lies while it has crossed no bound: points, and probability at each.
_Inside = tuple[NDArray[np.float64], NDArray[np.float64]]
_START: _Inside = (np.zeros(1), np.ones(1))


def look_levels(looks: Sequence[int], level: float = 0.95) -> tuple[float, ...]:
    """Return the level of each look's interval so that all of them hold together at `level`.

    The error 1 - level is spent as alpha(t) = (1 - level) ln(1 + (e - 1) t) (Lan & DeMets 1983,
    Biometrika 70), t being the share of the seeds so far. Intervals at these levels are repeated
    confidence intervals (Jennison & Turnbull 1989, JRSS B 51): they cover the truth at all looks
    at once, whatever the stopping rule. Bounds are for independent increments, turned into t
    quantiles by their nominal level (Pocock 1977); test images that all looks share only make the
    looks more alike, which lowers the error.
    """
    times = [look / looks[-1] for look in looks]
    spent = [(1 - level) * math.log(1 + (math.e - 1) * time) for time in times]
    inside = _START
    levels: list[float] = []
    for index, time in enumerate(times):
        step = math.sqrt(time - (times[index - 1] if index else 0.0))
        error = spent[index] - (spent[index - 1] if index else 0.0)
        bound = _bound(inside, step, error)
        levels.append(1 - 2 * float(special.ndtr(-bound / math.sqrt(time))))
        inside = _after(inside, step, bound)
    return tuple(levels)


def _bound(inside: _Inside, step: float, error: float) -> float:
    """Return the bound that the sum crosses at its next step with this probability."""
    points, mass = inside

    def excess(bound: float) -> float:
        above = special.ndtr((points - bound) / step)
        below = special.ndtr((-bound - points) / step)
        return float(mass @ (above + below)) - error

    return float(optimize.brentq(excess, 0.0, 20.0))


def _after(inside: _Inside, step: float, bound: float) -> _Inside:
    """Move the sum on by one step and keep what lies within the bound.

    Recursion of Armitage, McPherson & Rowe 1969 (JRSS A 132), by the trapezoid rule.
    """
    points, mass = inside
    grid = np.linspace(-bound, bound, _GRID)
    density = _density((grid[:, None] - points[None, :]) / step) @ mass / step
    weights = np.full(_GRID, grid[1] - grid[0])
    weights[[0, -1]] /= 2
    return grid, density * weights


def _density(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard normal density."""
    density: NDArray[np.float64] = np.exp(-(points**2) / 2) / math.sqrt(2 * math.pi)
    return density
