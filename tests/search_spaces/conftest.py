"""Hypothesis strategies for search spaces."""

from decimal import Decimal

import pytest
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from search_spaces.condition_order import in_order
from search_spaces.parameters import PARAMETERS, Choice, Real, Scalar, Whole
from search_spaces.space import (
    Baseline,
    Between,
    ChoiceDomain,
    Condition,
    Domain,
    FloatDomain,
    IntDomain,
    OneOf,
    PublishedAccuracy,
    SearchedParameter,
    Space,
)

LINES = st.text(min_size=1, max_size=40).filter(str.isprintable)


def legal_values(name: str) -> SearchStrategy[Scalar]:
    match PARAMETERS[name]:
        case Choice(options=options):
            return st.sampled_from(options)
        case Whole(low=low, high=high):
            return st.integers(low, high)
        case Real(low=low, high=high):
            return st.floats(low, high).map(lambda value: value + 0.0)


@st.composite
def domains_around(draw: DrawFn, name: str, value: Scalar) -> Domain:
    """Draw a domain of a parameter that holds a given value."""
    parameter = PARAMETERS[name]
    if isinstance(parameter, Choice) or isinstance(value, bool | str) or draw(st.booleans()):
        others = draw(st.lists(legal_values(name), max_size=3))
        values = list(dict.fromkeys([*others, value]))
        return ChoiceDomain(tuple(draw(st.permutations(values))))
    log = draw(st.booleans())
    if isinstance(parameter, Whole):
        low, high = draw(st.integers(parameter.low, int(value))), 0
        if log and low > 0:
            return IntDomain(low, draw(st.integers(int(value), parameter.high)), log=True)
        step = draw(st.integers(1, 50))
        low = int(value) - step * draw(st.integers(0, (int(value) - parameter.low) // step))
        high = int(value) + step * draw(st.integers(0, (parameter.high - int(value)) // step))
        return IntDomain(low, high, step)
    low_end = draw(st.floats(parameter.low, value)) + 0.0
    return FloatDomain(low_end, draw(st.floats(value, parameter.high)), None, log and low_end > 0)


@st.composite
def stepped(draw: DrawFn, name: str) -> tuple[Scalar, Domain]:
    """Draw a grid of floats and a value on it, reckoned in decimals."""
    parameter = PARAMETERS[name]
    assert isinstance(parameter, Real)
    step = draw(st.sampled_from([Decimal("0.1"), Decimal("0.025"), Decimal("0.3")]))
    low = Decimal(str(parameter.low))
    most = int((Decimal(str(parameter.high)) - low) / step)
    count = draw(st.integers(0, most))
    value = low + draw(st.integers(0, count)) * step
    return float(value), FloatDomain(float(low), float(low + count * step), float(step))


@st.composite
def conditions_at(draw: DrawFn, name: str, value: Scalar) -> Condition:
    """Draw a condition that holds at a value."""
    parameter = PARAMETERS[name]
    if isinstance(parameter, Choice) or isinstance(value, bool | str) or draw(st.booleans()):
        others = draw(st.lists(legal_values(name), max_size=2))
        return OneOf(tuple(dict.fromkeys([value, *others])))
    if isinstance(parameter, Whole):
        low = draw(st.integers(parameter.low, int(value)))
        return Between(low, draw(st.integers(int(value), parameter.high)))
    return Between(
        draw(st.floats(parameter.low, value)) + 0.0, draw(st.floats(value, parameter.high)) + 0.0
    )


@st.composite
def published(draw: DrawFn) -> PublishedAccuracy:
    return PublishedAccuracy(
        draw(st.floats(0, 1)) + 0.0,
        draw(LINES),
        draw(st.sampled_from(["train", "validation", "test"])),
        draw(st.integers(1, 10**6)),
        draw(st.integers(1, 100)),
        draw(LINES),
    )


@st.composite
def drawn_spaces(draw: DrawFn) -> Space:
    """Draw a space around a baseline; each condition is on a name drawn before.

    A parameter is switched off at the baseline where its condition asks an unconditional
    parameter for another of its values; the baseline then has the parameter's default.
    """
    names = draw(st.lists(st.sampled_from(list(PARAMETERS)), min_size=1, max_size=8, unique=True))
    split = draw(st.integers(1, len(names)))
    point: dict[str, Scalar] = {}
    searched: dict[str, SearchedParameter] = {}
    fixed: dict[str, Scalar] = {}
    active: list[str] = []
    for name in names[split:]:
        fixed[name] = point[name] = draw(legal_values(name))
    for name in names[:split]:
        value = draw(legal_values(name))
        domain = draw(domains_around(name, value))
        if isinstance(PARAMETERS[name], Real) and draw(st.booleans()):
            value, domain = draw(stepped(name))
        others = (
            draw(st.lists(st.sampled_from(sorted(point)), max_size=2, unique=True)) if point else []
        )
        free = [
            other
            for other in active
            if not searched[other].when
            and isinstance(searched[other].domain, ChoiceDomain)
            and len(searched[other].domain.values) > 1
        ]
        if free and draw(st.booleans()):
            other = draw(st.sampled_from(free))
            elsewhere = [v for v in searched[other].domain.values if v != point[other]]
            when: dict[str, Condition] = {other: OneOf((draw(st.sampled_from(elsewhere)),))}
        else:
            usable = [other for other in others if other in fixed or other in active]
            when = {other: draw(conditions_at(other, point[other])) for other in usable}
            point[name] = value
            active.append(name)
        ordered = {other: when[other] for other in PARAMETERS if other in when}
        searched[name] = SearchedParameter(name, domain, ordered)
    stated = {
        name: point[name]
        for name in PARAMETERS
        if name in point and (point[name] != PARAMETERS[name].default or draw(st.booleans()))
    }
    return Space(
        draw(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True)),
        draw(st.one_of(st.just(""), LINES)),
        in_order(list(searched.values())),
        {name: fixed[name] for name in PARAMETERS if name in fixed},
        Baseline(stated, draw(st.one_of(st.none(), published()))),
    )


@pytest.fixture(scope="session")
def spaces() -> SearchStrategy[Space]:
    """Any sound search space."""
    return drawn_spaces()
