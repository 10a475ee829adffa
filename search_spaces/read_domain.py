"""Read one [parameters.<name>] table: its domain and its conditions."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from search_spaces.faults import shown
from search_spaces.kinds import ChoiceParameter, FloatParameter, IntParameter
from search_spaces.parameters import (
    PARAMETERS,
    Scalar,
    check_value,
    typed_value,
)
from search_spaces.space import ChoiceDomain, Domain, FloatDomain, IntDomain
from search_spaces.tables import Table

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "int": ("type", "low", "high", "step", "log", "when"),
        "float": ("type", "low", "high", "step", "log", "when"),
        "choice": ("type", "values", "when"),
    }
)

LARGEST_STEP = 100_000
# A smaller one is lost in a float's rounding.
SMALLEST_STEP = 1e-12
# With more steps than these a float no longer tells one from the next.
MOST_STEPS = 10_000_000


def types_of(name: str) -> tuple[str, ...]:
    """Return the types of domain a parameter of the vocabulary can have."""
    match PARAMETERS[name]:
        case IntParameter():
            return ("int", "choice")
        case FloatParameter():
            return ("float", "choice")
        case ChoiceParameter():
            return ("choice",)


def read_domain(table: Table, name: str) -> Domain | None:
    """Read the domain of a parameter; None where anything is wrong with it, with its faults."""
    before = len(table.faults)
    domain = _read(table, name)
    return domain if len(table.faults) == before else None


def _read(table: Table, name: str) -> Domain | None:
    if not table.has("type"):
        table.refuse_unknown(("type", "low", "high", "step", "log", "values", "when"))
        return None
    kind = table.content["type"]
    if not isinstance(kind, str) or kind not in types_of(name):
        table.add("type", f"no type for {name}", shown(kind), ", ".join(types_of(name)))
        return None
    table.refuse_unknown(KEYS[kind])
    if kind == "choice":
        return ChoiceDomain(read_values(table, "values", name))
    low, high = read_number(table, "low", name), read_number(table, "high", name)
    step, log = _read_step(table, kind), _read_log(table)
    if low is None or high is None:
        return None
    _check_range(table, low, high, step, log=log)
    if kind == "int":
        return IntDomain(int(low), int(high), 1 if step is None else int(step), log)
    return FloatDomain(low, high, step, log)


def read_values(table: Table, key: str, name: str) -> tuple[Scalar, ...]:
    """Read a list of different legal values of a parameter; empty with a fault."""
    if not table.has(key):
        return ()
    values = table.content[key]
    if not isinstance(values, list) or not values:
        table.add(key, "not a list of values", shown(values), "at least one value")
        return ()
    faults = [f for value in values for f in check_value(table.where(key), name, value)]
    table.faults.extend(faults)
    if faults:
        return ()
    typed = tuple(typed_value(name, value) for value in values)
    for value in sorted(set(typed), key=typed.index):
        if typed.count(value) > 1:
            table.add(key, "value given more than once", shown(value))
    return typed


def read_number(table: Table, key: str, name: str) -> int | float | None:
    """Read a required number within a parameter's limits; None with a fault."""
    if not table.has(key):
        return None
    faults = check_value(table.where(key), name, table.content[key])
    table.faults.extend(faults)
    value = None if faults else typed_value(name, table.content[key])
    return value if isinstance(value, int | float) else None


def _read_step(table: Table, kind: str) -> int | float | None:
    step = table.content.get("step")
    if step is None:
        return None
    types = int if kind == "int" else int | float
    if isinstance(step, types) and not isinstance(step, bool) and 0 < step <= LARGEST_STEP:
        return step if kind == "int" else float(step)
    allowed = f"a {'whole ' * (kind == 'int')}number above 0, up to {LARGEST_STEP}"
    table.add("step", "not a step", shown(step), allowed)
    return None


def _read_log(table: Table) -> bool:
    log = table.content.get("log", False)
    if not isinstance(log, bool):
        table.add("log", "not true or false", shown(log), "true, false")
    return log is True


def _check_range(
    table: Table, low: int | float, high: int | float, step: int | float | None, *, log: bool
) -> None:
    if low > high:
        table.add("low", "low is above high", f"{low:g}", f"up to {high:g}")
    if log and low <= 0:
        table.add("low", "a log scale cannot start here", f"{low:g}", "a number above 0")
    if log and step is not None:
        table.add("step", "a log scale has no steps", f"{step:g}")
    elif step is not None and (high - low) / MOST_STEPS > step:
        allowed = f"at least {(high - low) / MOST_STEPS:g}, for {MOST_STEPS:,} steps"
        table.add("step", "too small a step", f"{step:g}", allowed)
    elif step is not None and step < SMALLEST_STEP:
        table.add("step", "too small a step", f"{step:g}", f"at least {SMALLEST_STEP:g}")
    elif step is not None and low <= high:
        reached = _last_on_grid(low, high, step)
        if reached != Decimal(str(high)):
            following = reached + Decimal(str(step))
            table.add(
                "high", "the steps do not reach high", f"{high:g}", f"{reached} or {following}"
            )


def _last_on_grid(low: int | float, high: int | float, step: int | float) -> Decimal:
    # decimals, as in Optuna: in binary fractions 0.3 is not three steps of 0.1
    start, size = Decimal(str(low)), Decimal(str(step))
    return start + (Decimal(str(high)) - start) // size * size
