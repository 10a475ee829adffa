"""Hypothesis strategies for search spaces."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from search_spaces.condition_order import in_order
from search_spaces.kinds import ChoiceParameter, FloatParameter, IntParameter
from search_spaces.parameters import PARAMETERS, Scalar
from search_spaces.space import (
    Baseline,
    Belief,
    Between,
    ChoiceDomain,
    Condition,
    Domain,
    FloatDomain,
    IntDomain,
    OneOf,
    PublishedNumber,
    SearchedParameter,
    Space,
)

LINES = st.text(min_size=1, max_size=40).filter(str.isprintable)


def legal_values(name: str) -> SearchStrategy[Scalar]:
    match PARAMETERS[name]:
        case ChoiceParameter(options=options):
            return st.sampled_from(options)
        case IntParameter(low=low, high=high):
            return st.integers(low, high)
        case FloatParameter(low=low, high=high):
            return st.floats(low, high).map(lambda value: value + 0.0)


@st.composite
def domains_around(draw: DrawFn, name: str, value: Scalar) -> Domain:
    """Draw a domain of a parameter that holds a given value."""
    parameter = PARAMETERS[name]
    if (
        isinstance(parameter, ChoiceParameter)
        or isinstance(value, bool | str)
        or draw(st.booleans())
    ):
        others = draw(st.lists(legal_values(name), max_size=3))
        values = list(dict.fromkeys([*others, value]))
        return ChoiceDomain(tuple(draw(st.permutations(values))))
    log = draw(st.booleans())
    if isinstance(parameter, IntParameter):
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
    assert isinstance(parameter, FloatParameter)
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
    if (
        isinstance(parameter, ChoiceParameter)
        or isinstance(value, bool | str)
        or draw(st.booleans())
    ):
        others = draw(st.lists(legal_values(name), max_size=2))
        return OneOf(tuple(dict.fromkeys([value, *others])))
    if isinstance(parameter, IntParameter):
        low = draw(st.integers(parameter.low, int(value)))
        return Between(low, draw(st.integers(int(value), parameter.high)))
    return Between(
        draw(st.floats(parameter.low, value)) + 0.0, draw(st.floats(value, parameter.high)) + 0.0
    )


@st.composite
def published(draw: DrawFn) -> PublishedNumber:
    """Draw a published number; how many rows may be left out for the test split alone."""
    split = draw(st.sampled_from(["train", "validation", "test"]))
    return PublishedNumber(
        draw(st.floats(0, 1)) + 0.0,
        draw(LINES),
        split,
        draw(st.integers(0 if split == "test" else 1, 10**6)),
        draw(st.integers(0, 100)),
        draw(st.one_of(st.just(""), LINES)),
    )


def widths(domain: Domain) -> SearchStrategy[float | None]:
    """Draw how far from a value the best one may be believed to lie."""
    if isinstance(domain, ChoiceDomain):
        return st.none()
    low = 1.0 if domain.log else 0.0
    return st.floats(low, 1000, exclude_min=True)


@dataclass
class Drawn:
    """What stands of a space while it is drawn: a point, and what is searched around it."""

    point: dict[str, Scalar]
    searched: dict[str, SearchedParameter]

    def switches(self) -> list[str]:
        """Name the unconditional choices that have a value besides the point's."""
        found = [one for one in self.searched.values() if not one.when]
        return [one.name for one in found if self.others(one)]

    def others(self, parameter: SearchedParameter) -> list[Scalar]:
        if not isinstance(parameter.domain, ChoiceDomain):
            return []
        return [value for value in parameter.domain.values if value != self.point[parameter.name]]


@st.composite
def conditions(draw: DrawFn, drawn: Drawn) -> tuple[dict[str, Condition], bool]:
    """Draw conditions that hold at the point, or one that does not; say whether they do."""
    switches = drawn.switches()
    if switches and draw(st.booleans()):
        other = draw(st.sampled_from(switches))
        values = drawn.others(drawn.searched[other])
        return {other: OneOf((draw(st.sampled_from(values)),))}, False
    if not drawn.point:
        return {}, True
    others = draw(st.lists(st.sampled_from(sorted(drawn.point)), max_size=2, unique=True))
    when = {other: draw(conditions_at(other, drawn.point[other])) for other in others}
    return {other: when[other] for other in PARAMETERS if other in when}, True


@st.composite
def drawn_spaces(draw: DrawFn) -> Space:
    """Draw a space around its baseline; what is off at the baseline has its default there."""
    names = draw(st.lists(st.sampled_from(list(PARAMETERS)), min_size=1, max_size=8, unique=True))
    split = draw(st.integers(1, len(names)))
    fixed = {name: draw(legal_values(name)) for name in names[split:]}
    drawn = Drawn(dict(fixed), {})
    beliefs: dict[str, Belief] = {}
    for name in names[:split]:
        value = draw(legal_values(name))
        domain = draw(domains_around(name, value))
        if isinstance(PARAMETERS[name], FloatParameter) and draw(st.booleans()):
            value, domain = draw(stepped(name))
        when, holds = draw(conditions(drawn))
        drawn.searched[name] = SearchedParameter(name, domain, when)
        if holds:
            drawn.point[name] = value
        if draw(st.booleans()):
            beliefs[name] = Belief(value, draw(widths(domain)))
    point = drawn.point
    named = {n for n in point if point[n] != PARAMETERS[n].default or draw(st.booleans())}
    return Space(
        draw(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True)),
        draw(st.one_of(st.just(""), LINES)),
        in_order(list(drawn.searched.values())),
        {name: fixed[name] for name in PARAMETERS if name in fixed},
        Baseline(
            {name: point[name] for name in PARAMETERS if name in named},
            draw(st.one_of(st.none(), published())),
        ),
        beliefs={name: beliefs[name] for name in PARAMETERS if name in beliefs},
    )


@pytest.fixture(scope="session")
def spaces() -> SearchStrategy[Space]:
    """Any sound search space."""
    return drawn_spaces()
