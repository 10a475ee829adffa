import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_spaces.domains import (
    can_hold,
    condition_holds,
    domain_contains,
    domain_text,
    snapped,
)
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

GRID = IntDomain(10, 100, 10)
TENTHS = FloatDomain(0.0, 0.5, 0.1)


@pytest.mark.parametrize(
    ("domain", "inside", "outside"),
    [
        (IntDomain(1, 8), [1, 8], [0, 9, 2.0, True, "2"]),
        (GRID, [10, 50, 100], [11, 99, 110]),
        (FloatDomain(0.0, 0.5), [0, 0.0, 0.5, 0.123], [-1e-9, 0.6, float("nan"), False, "0.1"]),
        (TENTHS, [0.0, 0.1, 0.3, 0.1 + 0.2, 0.5], [0.05, 0.45, 0.30001]),
        (ChoiceDomain((0.0, 1.0)), [0.0, 1], [0.5, True, False]),
        (ChoiceDomain((False, True)), [True, False], [1, 0, "true"]),
        (ChoiceDomain(("relu",)), ["relu"], ["gelu"]),
    ],
)
def test_a_domain_contains_its_values_alone(
    domain: Domain, inside: list[Scalar], outside: list[Scalar]
) -> None:
    assert [value for value in inside if not domain_contains(domain, value)] == []
    assert [value for value in outside if domain_contains(domain, value)] == []


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        (OneOf(("sgd", "lion")), ["sgd"], ["adam"]),
        (OneOf((True,)), [True], [1, False]),
        (OneOf((2,)), [2, 2.0], [3]),
        (Between(2, 4), [2, 3.5, 4], [1, 5, True, "3"]),
    ],
)
def test_a_condition_holds_at_its_values_alone(
    condition: Condition, holds: list[Scalar], fails: list[Scalar]
) -> None:
    assert [value for value in holds if not condition_holds(condition, value)] == []
    assert [value for value in fails if condition_holds(condition, value)] == []


@pytest.mark.parametrize(
    ("domain", "conditions", "possible"),
    [
        (GRID, [Between(41, 50)], True),
        (GRID, [Between(41, 49)], False),
        (GRID, [Between(0, 9)], False),
        (GRID, [Between(101, 200)], False),
        (GRID, [Between(10, 30), Between(30, 90)], True),
        (GRID, [Between(10, 30), Between(31, 90)], False),
        (GRID, [OneOf((15, 20)), Between(0, 19)], False),
        (GRID, [OneOf((15, 20)), Between(20, 30)], True),
        (TENTHS, [Between(0.25, 0.3)], True),
        (TENTHS, [Between(0.21, 0.29)], False),
        (FloatDomain(1e-5, 0.1, log=True), [Between(0.05, 1.0)], True),
        (FloatDomain(1e-5, 0.1, log=True), [Between(0.2, 1.0)], False),
        (ChoiceDomain(("adam", "sgd")), [OneOf(("sgd", "lion"))], True),
        (ChoiceDomain(("adam", "sgd")), [OneOf(("adam",)), OneOf(("sgd",))], False),
        (ChoiceDomain((32, 64)), [Between(33, 63)], False),
        (ChoiceDomain((32, 64)), [], True),
    ],
)
def test_conditions_can_hold_where_a_value_of_the_domain_fulfils_them_all(
    domain: Domain, conditions: list[Condition], possible: bool
) -> None:
    assert can_hold(domain, conditions) is possible


@given(
    st.integers(-20, 20),
    st.integers(0, 12),
    st.integers(1, 7),
    st.lists(st.tuples(st.integers(-30, 60), st.integers(0, 40)), min_size=1, max_size=3),
)
def test_ranges_on_a_grid_agree_with_trying_every_value(
    low: int, steps: int, step: int, ranges: list[tuple[int, int]]
) -> None:
    domain = IntDomain(low, low + steps * step, step)
    conditions = [Between(start, start + length) for start, length in ranges]
    tried = any(
        all(condition_holds(condition, value) for condition in conditions)
        for value in range(low, low + steps * step + 1, step)
    )
    assert can_hold(domain, conditions) is tried


@pytest.mark.parametrize(
    ("domain", "text"),
    [
        (IntDomain(1, 8), "a whole number from 1 to 8"),
        (GRID, "a whole number from 10 to 100 by steps of 10"),
        (FloatDomain(1e-5, 0.1, log=True), "a number from 1e-05 to 0.1"),
        (TENTHS, "a number from 0 to 0.5 by steps of 0.1"),
        (ChoiceDomain((False, "relu", 0.5)), "false, 'relu', 0.5"),
    ],
)
def test_a_domain_is_described_in_words(domain: Domain, text: str) -> None:
    assert domain_text(domain) == text


@pytest.mark.parametrize(
    ("domain", "value", "expected"),
    [
        (TENTHS, 0.1 + 0.2, 0.3),
        (TENTHS, 0.3, 0.3),
        (FloatDomain(0.05, 0.95, 0.1), 0.05 + 2 * 0.1, 0.25),
        # what is not on the grid stays for a check to find
        (TENTHS, 0.25, 0.25),
        (FloatDomain(0.0, 0.5), 0.1 + 0.2, 0.1 + 0.2),
        (GRID, 30, 30),
        (ChoiceDomain((0.0, 0.3)), 0.3, 0.3),
    ],
)
def test_a_value_on_a_grid_of_floats_loses_the_rounding_of_binary_fractions(
    domain: Domain, value: Scalar, expected: Scalar
) -> None:
    assert snapped(domain, value) == expected
    assert type(snapped(domain, value)) is type(value)
