"""Dataclasses survive their way through JSON, and what is wrong is told whole."""

import json
import math
from dataclasses import dataclass, field
from typing import Literal

import pytest

from reports.json_values import from_json, parse_json, to_json, to_json_line
from search_spaces.faults import FaultError


@dataclass(frozen=True)
class Inner:
    """A value inside another."""

    form: Literal[1, "two"]
    share: float


@dataclass(frozen=True)
class Outer:
    """A value with one of everything."""

    name: str
    inner: tuple[Inner, ...]
    rows: tuple[tuple[int, ...], ...] = ()
    by_name: dict[str, Inner | None] = field(default_factory=dict)


OUTER = Outer("x", (Inner(1, math.inf), Inner("two", 0.5)), ((1, 2), ()), {"a": None})


def faults_of(values: object) -> list[str]:
    with pytest.raises(FaultError) as caught:
        from_json(Outer, values, "file.json")
    return [str(one) for one in caught.value.faults]


def test_a_value_comes_back_equal_and_of_its_own_types() -> None:
    back = from_json(Outer, json.loads(json.dumps(to_json(OUTER), allow_nan=False)), "file.json")
    assert back == OUTER
    assert type(back.rows[0]) is tuple


def test_a_line_is_one_line() -> None:
    line = to_json_line(Outer("a\nb", ()))
    assert line.count(b"\n") == 1
    assert from_json(Outer, parse_json(line, "here"), "here") == Outer("a\nb", ())


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name": 3}, "name: wrong value; got 3; allowed: a text"),
        ({"inner": 3}, "inner: wrong value; got 3; allowed: a list"),
        ({"inner": [3]}, "inner[0]: wrong value; got 3; allowed: an object"),
        (
            {"inner": [{"form": True, "share": 0.5}]},
            "inner[0].form: wrong value; got True; allowed: 1, two",
        ),
        (
            {"inner": [{"form": 1, "share": "much"}]},
            "inner[0].share: wrong value; got 'much'; allowed: a number",
        ),
        ({"rows": [[1, 2.5]]}, "rows[0][1]: wrong value; got 2.5; allowed: a whole number"),
        ({"by_name": {"b": 1}}, "by_name.b: wrong value; got 1; allowed: an object"),
        (
            {"nmae": 1},
            "nmae: unknown key (did you mean name?); allowed: name, inner, rows, by_name",
        ),
    ],
)
def test_a_wrong_value_is_told_with_file_key_got_and_allowed(
    change: dict[str, object], fault: str
) -> None:
    assert faults_of(to_json(OUTER) | change) == [f"file.json: {fault}"]


def test_every_fault_is_told_at_once() -> None:
    assert faults_of({"inner": [{"form": 2, "share": None}], "rows": 1}) == [
        "file.json: missing: name; allowed: name, inner, rows, by_name",
        "file.json: inner[0].form: wrong value; got 2; allowed: 1, two",
        "file.json: inner[0].share: wrong value; got None; allowed: a number",
        "file.json: rows: wrong value; got 1; allowed: a list",
    ]


@pytest.mark.parametrize("values", [None, [], 3, "x"])
def test_what_is_no_object_is_refused(values: object) -> None:
    got = repr(values)
    assert faults_of(values) == [f"file.json: wrong value; got {got}; allowed: an object"]


def test_a_number_beyond_every_float_is_refused() -> None:
    (fault,) = faults_of(to_json(OUTER) | {"inner": [{"form": 1, "share": 10**400}]})
    assert fault.endswith("; allowed: a number")


@pytest.mark.parametrize("text", ["", "{", b"\xff", "[" * 100_000, "[]", "3", "null"])
def test_a_text_that_holds_no_object_is_refused(text: str | bytes) -> None:
    with pytest.raises(FaultError, match=r"^here: is not"):
        parse_json(text, "here")
