"""Samplers that are plain sequences of points: a grid in seeded order, and quasi-Monte Carlo."""

import importlib
import math
from collections.abc import Iterator
from random import Random

import numpy as np

from search_spaces.active import is_active
from search_spaces.condition_order import all_conditions
from search_spaces.domains import condition_holds, fulfilling, snapped
from search_spaces.optuna_domains import ask_params
from search_spaces.parameters import Scalar
from search_spaces.space import ChoiceDomain, Condition, Domain, FloatDomain, IntDomain, Space

# Values a grid takes from a domain that has more than these, spread evenly over it.
GRID_VALUES = 5
# So many points of a grid are drawn from all over it; a grid of more goes on value by value.
MOST_DRAWN = 10_000

Axes = dict[str, tuple[Scalar, ...]]


def grid_points(space: Space, seed: int) -> Iterator[dict[str, Scalar]]:
    """Yield every point of the grid, in an order that the seed sets.

    Where conditions switch a parameter off, the points that differ in it alone come out equal; so
    does what a grid of more than MOST_DRAWN points yields twice. No point waits for more of these.
    """
    axes = grid_axes(space)
    yield from _drawn(space, axes, seed)
    if math.prod(len(axis) for axis in axes.values()) > MOST_DRAWN:
        random = Random(seed)  # noqa: S311 an order, not a secret
        shuffled = {name: tuple(random.sample(axis, len(axis))) for name, axis in axes.items()}
        yield from _one_by_one(space, shuffled, {}, 0)


def grid_axes(space: Space) -> Axes:
    """Return the values of each parameter; among them are some for every condition to hold."""
    axes = {one.name: grid_values(one.domain) for one in space.parameters}
    searched = {one.name: one for one in space.parameters}
    for parameter in space.parameters:
        for name, conditions in all_conditions(parameter, searched).items():
            if name not in axes or _fulfilled(axes[name], conditions):
                continue
            value = fulfilling(searched[name].domain, conditions)
            axes[name] += () if value is None else (value,)
    return axes


def _fulfilled(axis: tuple[Scalar, ...], conditions: list[Condition]) -> bool:
    return any(all(condition_holds(one, value) for one in conditions) for value in axis)


def _one_by_one(
    space: Space, axes: Axes, known: dict[str, Scalar], place: int
) -> Iterator[dict[str, Scalar]]:
    """Yield every point that begins with the known values, each once."""
    if place == len(space.parameters):
        yield dict(known)
        return
    parameter = space.parameters[place]
    if not is_active(parameter, {**space.fixed, **known}):
        yield from _one_by_one(space, axes, known, place + 1)
        return
    for value in axes[parameter.name]:
        chosen = {**known, parameter.name: snapped(parameter.domain, value)}
        yield from _one_by_one(space, axes, chosen, place + 1)


def _drawn(space: Space, axes: Axes, seed: int) -> Iterator[dict[str, Scalar]]:
    total = math.prod(len(axis) for axis in axes.values())
    # i -> a i + b (mod total) visits each point once when a and total share no factor.
    below = _draws(seed, total)
    b = next(below)
    a = next(1 + drawn for drawn in below if math.gcd(1 + drawn, total) == 1)
    for i in range(min(total, MOST_DRAWN)):
        yield _point(space, axes, (a * i + b) % total)


def _draws(seed: int, total: int) -> Iterator[int]:
    """Yield whole numbers below a total, which may be more than 64 bits hold."""
    random = np.random.default_rng(seed)
    wide = Random(seed)  # noqa: S311 an order, not a secret
    while True:
        yield int(random.integers(total)) if total < 2**63 else wide.randrange(total)


def _point(space: Space, axes: Axes, index: int) -> dict[str, Scalar]:
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
    qmc = importlib.import_module("scipy.stats.qmc")
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
