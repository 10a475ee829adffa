import datetime as dt

import pytest

from search_spaces.faults import Fault, FaultError, fault, shown, unknown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (1, "1"),
        (0.5, "0.5"),
        ("sgd", "'sgd'"),
        ("\x1b[31m", r"'\x1b[31m'"),
        ([1, "a", False], "[1, 'a', false]"),
        ({"low": 1, "high": [2]}, "{low = 1, high = [2]}"),
        (dt.date(2024, 5, 1), "2024-05-01"),
        pytest.param(10**5000, "a very long number", id="too long for Python to write"),
        ("x" * 100, f"'{'x' * 56}..."),
        ([0] * 100, f"[{'0, ' * 18}0,..."),
    ],
)
def test_a_value_is_shown_in_one_short_line(value: object, text: str) -> None:
    assert shown(value) == text
    assert len(text) <= 60


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("optimiser", "unknown key (did you mean optimizer?)"),
        ("opt", "unknown key"),
        ("", "unknown key"),
    ],
)
def test_an_unknown_name_is_reported_with_the_one_perhaps_meant(name: str, text: str) -> None:
    assert unknown("key", name, ("optimizer", "epochs")) == text


def test_an_error_tells_all_its_faults_a_line_each() -> None:
    error = FaultError(Fault("a", "is wrong", "1", "2"), Fault("b", "is missing"))
    assert str(error) == "a: is wrong; got 1; allowed: 2\nb: is missing"
    assert fault("a", "is wrong", 1).faults == (Fault("a", "is wrong", "1"),)
