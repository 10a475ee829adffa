"""Read the space of a user's own network: parameters of any name, each one of a few values."""

import re

from search_spaces.faults import Fault, shown
from search_spaces.parameters import Scalar
from search_spaces.space import Baseline, ChoiceDomain, SearchedParameter, Space
from search_spaces.tables import Table

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST = 500
_LARGEST = 1e300


def check_own_value(where: str, name: str, value: object) -> list[Fault]:
    """List what is wrong with a value of a parameter of any name (empty when all is well)."""
    if not _NAME.fullmatch(name):
        allowed = "1 to 64 letters, digits, dashes and underscores"
        return [Fault(where, "not a parameter's name", shown(name), allowed)]
    match value:
        case bool():
            return []
        case int() | float() if abs(value) <= _LARGEST:
            return []
        case str() if len(value) <= _LONGEST and value.isprintable():
            return []
    allowed = "true, false, a finite number, or one line of text"
    return [Fault(where, f"value not allowed for {name}", shown(value), allowed)]


def read_own_space(table: Table, name: str, about: str) -> Space:
    """Read what follows the head of the file; what is wrong is noted in the table."""
    parameters = table.table("parameters")
    searched = tuple(
        SearchedParameter(key, ChoiceDomain(_choices(parameters.table(key), key)))
        for key in parameters.content
    )
    fixed, baseline = _values(table.table("fixed")), _values(table.table("baseline"))
    for one in searched:
        if baseline.get(one.name) not in one.domain.values:  # type: ignore[union-attr]
            got = shown(baseline.get(one.name))
            table.add("baseline", f"{one.name} is none of its values", got)
    return Space(name, about, searched, fixed, Baseline(baseline), network="own")


def _choices(table: Table, name: str) -> tuple[Scalar, ...]:
    table.refuse_unknown(("type", "values"))
    values = table.content.get("values")
    if table.content.get("type") != "choice" or not isinstance(values, list) or not values:
        table.add("", "not a choice", shown(table.content), 'type = "choice" and values')
        return ()
    faults = [one for value in values for one in check_own_value(table.where(), name, value)]
    table.faults.extend(faults)
    return () if faults else tuple(values)


def _values(table: Table) -> dict[str, Scalar]:
    for key, value in table.content.items():
        table.faults.extend(check_own_value(table.where(key), key, value))
    return dict(table.content)
