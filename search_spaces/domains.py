"""Domains: what lies in one, whether conditions leave anything of it, and how to say it."""

import math
from collections.abc import Sequence
from decimal import Decimal

from search_spaces.faults import shown
from search_spaces.parameters import Scalar
from search_spaces.space import (
    Between,
    ChoiceDomain,
    Condition,
    Domain,
    FloatDomain,
    IntDomain,
    OneOf,
)

_GRID_TOLERANCE = 1e-8  # in steps; Optuna's own


def domain_contains(domain: Domain, value: Scalar) -> bool:
    """Say whether a value may be tried; numbers with a step must lie on its grid."""
    match domain:
        case ChoiceDomain(values=values):
            return any(_same(value, other) for other in values)
        case IntDomain(low=low, high=high, step=step):
            whole = isinstance(value, int) and not isinstance(value, bool)
            return whole and low <= value <= high and (value - low) % step == 0  # type: ignore[operator]
        case FloatDomain(low=low, high=high, step=step):
            if isinstance(value, bool | str) or not low <= value <= high:
                return False
            steps = 0.0 if step is None else (value - low) / step
            return abs(steps - round(steps)) < _GRID_TOLERANCE


def condition_holds(condition: Condition, value: Scalar) -> bool:
    """Say whether a condition holds for the value of the parameter it is about."""
    match condition:
        case OneOf(values=values):
            return any(_same(value, other) for other in values)
        case Between(low=low, high=high):
            return not isinstance(value, bool | str) and low <= value <= high


def _same(value: Scalar, other: Scalar) -> bool:
    # True == 1 in Python, but they are not the same choice
    return value == other and isinstance(value, bool) == isinstance(other, bool)


def can_hold(domain: Domain, conditions: Sequence[Condition]) -> bool:
    """Say whether any value of a domain fulfils all conditions at once."""
    return fulfilling(domain, conditions) is not None


def fulfilling(domain: Domain, conditions: Sequence[Condition]) -> Scalar | None:
    """Return a value of a domain that fulfils all conditions at once, None where there is none."""
    listed = [c.values for c in conditions if isinstance(c, OneOf)]
    candidates: Sequence[Scalar]
    if isinstance(domain, ChoiceDomain):
        candidates = domain.values
    elif listed:
        candidates = [value for value in listed[0] if domain_contains(domain, value)]
    else:
        candidates = _first_from(domain, [c for c in conditions if isinstance(c, Between)])
    fitting = (
        value
        for value in candidates
        if domain_contains(domain, value) and all(condition_holds(c, value) for c in conditions)
    )
    return next(fitting, None)


def _first_from(domain: IntDomain | FloatDomain, bounds: Sequence[Between]) -> list[Scalar]:
    low = max([domain.low, *(bound.low for bound in bounds)])
    if domain.step is None:
        return [low]
    near = math.floor((low - domain.low) / domain.step)
    return [_on_grid(domain.low, domain.step, near + more) for more in (-1, 0, 1)]


def _on_grid(low: float, step: float, steps: int) -> Scalar:
    # decimals: in binary fractions three steps of 0.1 are 0.30000000000000004
    value = Decimal(str(low)) + steps * Decimal(str(step))
    return int(value) if isinstance(low, int) else float(value)


def snapped(domain: Domain, value: Scalar) -> Scalar:
    """Return a value of a domain as a person would write it: on a grid of tenths 0.3 is 0.3."""
    if not isinstance(domain, FloatDomain) or domain.step is None or isinstance(value, bool | str):
        return value
    steps = (value - domain.low) / domain.step
    near = abs(steps - round(steps)) < _GRID_TOLERANCE
    return _on_grid(domain.low, domain.step, round(steps)) if near else value


def domain_text(domain: Domain) -> str:
    """Say in words which values a domain holds."""
    match domain:
        case ChoiceDomain(values=values):
            return ", ".join(shown(value) for value in values)
        case IntDomain(low=low, high=high, step=step):
            by = f" by steps of {step}" if step != 1 else ""
            return f"a whole number from {low} to {high}{by}"
        case FloatDomain(low=low, high=high, step=step):
            by = f" by steps of {step:g}" if step is not None else ""
            return f"a number from {low:g} to {high:g}{by}"


def condition_text(condition: Condition) -> str:
    """Say in words what a condition asks of a value."""
    match condition:
        case OneOf(values=values):
            return " or ".join(shown(value) for value in values)
        case Between(low=low, high=high):
            return f"{low:g} to {high:g}"
