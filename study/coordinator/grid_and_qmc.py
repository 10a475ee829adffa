"""Samplers that are plain sequences of points: a grid in seeded order, and quasi-Monte Carlo."""

import math
from collections.abc import Iterator
from random import Random

import numpy as np
from scipy.stats import qmc

from search_spaces.optuna_domains import ask_params
from search_spaces.parameters import Scalar
from search_spaces.space import ChoiceDomain, Domain, FloatDomain, IntDomain, Space

# Values a grid takes from a domain that has more than these, spread evenly over it.
GRID_VALUES = 5


def grid_points(space: Space, seed: int) -> Iterator[dict[str, Scalar]]:
    """Yield every point of the grid once, in an order that the seed sets.

    Where conditions switch a parameter off, the points that differ in it alone come out equal.
    """
    axes = {one.name: grid_values(one.domain) for one in space.parameters}
    total = math.prod(len(axis) for axis in axes.values())
    # i -> a i + b (mod total) visits each point once when a and total share no factor.
    below = _draws(seed, total)
    b = next(below)
    a = next(1 + drawn for drawn in below if math.gcd(1 + drawn, total) == 1)
    for i in range(total):
        yield _point(space, axes, (a * i + b) % total)


def _draws(seed: int, total: int) -> Iterator[int]:
    """Yield whole numbers below a total, which may be more than 64 bits hold."""
    random = np.random.default_rng(seed)
    wide = Random(seed)  # noqa: S311 an order, not a secret
    while True:
        yield int(random.integers(total)) if total < 2**63 else wide.randrange(total)


def _point(space: Space, axes: dict[str, tuple[Scalar, ...]], index: int) -> dict[str, Scalar]:
    values: dict[str, Scalar] = {}
    for name, axis in axes.items():
        index, place = divmod(index, len(axis))
        values[name] = axis[place]
    return ask_params(space, lambda name, _: values[name])


def grid_values(domain: Domain) -> tuple[Scalar, ...]:
    """Return all values of a domain, or GRID_VALUES of them spread evenly over it."""
    if isinstance(domain, ChoiceDomain):
        return domain.values
    if domain.step is not None and not domain.log:
        count = int((domain.high - domain.low) / domain.step + 1e-9) + 1
        if count <= GRID_VALUES:
            return tuple(domain.low + i * domain.step for i in range(count))
    shares = np.linspace(0.0, 1.0, GRID_VALUES)
    return tuple(dict.fromkeys(value_at(domain, float(share)) for share in shares))


def qmc_points(space: Space, seed: int) -> Iterator[dict[str, Scalar]]:
    """Yield the points of a scrambled Sobol sequence, one dimension a parameter, without end."""
    sobol = qmc.Sobol(len(space.parameters), scramble=True, rng=seed)
    while True:
        row = sobol.random(1)[0]
        shares = {one.name: float(share) for one, share in zip(space.parameters, row, strict=True)}
        domains = {one.name: one.domain for one in space.parameters}
        yield ask_params(
            space,
            lambda name, _, s=shares, d=domains: value_at(d[name], s[name]),  # type: ignore[misc]
        )


def value_at(domain: Domain, share: float) -> Scalar:
    """Return the value of a domain that lies at a share (0-1) of its way from low to high."""
    match domain:
        case ChoiceDomain(values=values):
            return values[min(int(share * len(values)), len(values) - 1)]
        case IntDomain(low=low, high=high, step=step, log=True):
            return round(_log_between(low, high, share))
        case IntDomain(low=low, high=high, step=step):
            count = (high - low) // step + 1
            return low + step * min(int(share * count), count - 1)
        case FloatDomain(low=low, high=high, log=True):
            return _log_between(low, high, share)
        case FloatDomain(low=low, high=high, step=float(step)):
            count = int((high - low) / step + 1e-9) + 1
            return low + step * min(int(share * count), count - 1)
        case FloatDomain(low=low, high=high):
            return low + share * (high - low)


def _log_between(low: float, high: float, share: float) -> float:
    return min(high, max(low, math.exp(math.log(low) + share * math.log(high / low))))
