"""The space in Optuna's terms: domains as distributions, and asking for a trial's params."""

from collections.abc import Callable
from typing import assert_never

from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from search_spaces.active import check_params, full_params, is_active, searched_params
from search_spaces.domains import snapped
from search_spaces.parameters import Scalar
from search_spaces.space import ChoiceDomain, Domain, FloatDomain, IntDomain, Space

__all__ = [
    "ask_params",
    "check_params",
    "distribution",
    "full_params",
    "is_active",
    "searched_params",
]


def distribution(domain: Domain) -> BaseDistribution:
    """Return Optuna's distribution over exactly the values of a domain."""
    match domain:
        case IntDomain(low=low, high=high, step=step, log=log):
            return IntDistribution(low, high, log=log, step=step)
        case FloatDomain(low=low, high=high, step=step, log=log):
            return FloatDistribution(low, high, log=log, step=step)
        case ChoiceDomain(values=values):
            return CategoricalDistribution(values)
        case _:
            assert_never(domain)


def ask_params(
    space: Space, suggest: Callable[[str, BaseDistribution], Scalar]
) -> dict[str, Scalar]:
    """Ask for every active parameter in the space's order and return the searched values.

    Values on a grid of floats come back without the rounding of binary fractions, so that
    conditions on them hold where they should and a config reads 0.3.
    """
    known = dict(space.fixed)
    asked: dict[str, Scalar] = {}
    for parameter in space.parameters:
        if is_active(parameter, known):
            suggested = suggest(parameter.name, distribution(parameter.domain))
            value = snapped(parameter.domain, suggested)
            known[parameter.name] = asked[parameter.name] = value
    return asked
