"""Read the conditions of a parameter: `when.<other> = value`, `[values]` or `{low, high}`."""

from search_spaces.faults import Fault, shown
from search_spaces.kinds import ChoiceParameter
from search_spaces.parameters import PARAMETERS, check_value, typed_value
from search_spaces.read_domain import read_number, read_values
from search_spaces.space import Between, Condition, OneOf
from search_spaces.tables import Table


def read_conditions(table: Table, name: str, usable: set[str]) -> dict[str, Condition]:
    """Read the legal conditions of a parameter, in the vocabulary's order.

    `usable` are the names the file searches or fixes.
    """
    when = table.table("when")
    conditions: dict[str, Condition] = {}
    for other in when.content:
        condition = _read(when, other, name, usable)
        if condition is not None:
            conditions[other] = condition
    return {other: conditions[other] for other in PARAMETERS if other in conditions}


def _read(when: Table, other: str, name: str, usable: set[str]) -> Condition | None:
    known = [one for one in PARAMETERS if one in usable - {name}]
    names = ", ".join(known)
    if other not in PARAMETERS:
        when.add_unknown(other, "parameter", known, before="condition on an ")
        return None
    if other == name:
        when.add(other, "condition on the parameter itself", allowed=names)
        return None
    if other not in usable:
        what = "condition on a parameter that is neither searched nor fixed"
        when.add(other, what, allowed=names)
        return None
    value = when.content[other]
    if isinstance(value, dict):
        return _read_range(when.table(other), other)
    if isinstance(value, list):
        values = read_values(when, other, other)
        return OneOf(values) if values else None
    faults: list[Fault] = check_value(when.where(other), other, value)
    when.faults.extend(faults)
    return None if faults else OneOf((typed_value(other, value),))


def _read_range(table: Table, other: str) -> Condition | None:
    table.refuse_unknown(("low", "high"))
    parameter = PARAMETERS[other]
    if isinstance(parameter, ChoiceParameter):
        allowed = "a value or a list of values"
        table.add("", f"{other} has no range", shown(dict(table.content)), allowed)
        return None
    if not table.content.keys() & {"low", "high"}:
        table.add("", "a range without low and high")
        return None
    given = table.content
    low = read_number(table, "low", other) if "low" in given else parameter.low
    high = read_number(table, "high", other) if "high" in given else parameter.high
    if low is None or high is None:
        return None
    if low > high:
        table.add("low", "low is above high", f"{low:g}", f"up to {high:g}")
        return None
    return Between(low, high)
