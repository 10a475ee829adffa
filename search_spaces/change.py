"""Fix or vary parameters of a space in a few words, without a file."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from search_spaces.domains import condition_holds
from search_spaces.faults import Fault, FaultError, perhaps_meant, shown
from search_spaces.kinds import IntParameter
from search_spaces.parameters import PARAMETERS, Scalar
from search_spaces.read import read_space
from search_spaces.space import (
    ChoiceDomain,
    Condition,
    Domain,
    FloatDomain,
    IntDomain,
    SearchedParameter,
    Space,
)
from search_spaces.write import write_space

_VALUE = "NAME=VALUE, such as width=512"
_RANGE = "NAME=LOW:HIGH, NAME=LOW:HIGH:log or NAME=ONE,TWO,..., such as dropout=0:0.6"


def changed_space(space: Space, fixed: Sequence[str], varied: Sequence[str]) -> Space:
    """Return a space in which parameters are fixed ("width=512") or varied ("dropout=0:0.6").

    A range is LOW:HIGH, with :log at its end for a log scale; values are ONE,TWO,.... A parameter
    whose condition cannot hold any more is not searched. Raises FaultError with everything wrong.
    """
    faults: list[Fault] = []
    values = _named(fixed, "--set", _VALUE, faults)
    ranges = _named(varied, "--vary", _RANGE, faults)
    faults += [Fault("--vary", "fixed by --set as well", name) for name in ranges if name in values]
    domains = {name: _domain(name, text, faults) for name, text in ranges.items()}
    if faults:
        raise FaultError(*faults)
    set_here = {name: _value(text) for name, text in values.items()}
    old = {one.name for one in space.parameters}
    new = {name: domain for name, domain in domains.items() if name not in old}
    added = [SearchedParameter(name, domain) for name, domain in new.items() if domain]
    searched = [
        replace(one, domain=domains.get(one.name) or one.domain, when=_open(one, set_here))
        for one in space.parameters
        if one.name not in set_here and _can_be_active(one, set_here)
    ]
    still = {one.name for one in searched}
    fixed_before = {name: v for name, v in space.fixed.items() if name not in domains}
    changed = Space(
        f"{space.name}-changed",
        space.about,
        (*added, *searched),
        {**fixed_before, **set_here},
        space.baseline,
        data=space.data,
        beliefs={name: one for name, one in space.beliefs.items() if name in still},
    )
    return read_space(write_space(changed), f"space {space.name} with --set and --vary")


def _can_be_active(parameter: SearchedParameter, fixed: Mapping[str, Scalar]) -> bool:
    """Say whether every condition on a fixed parameter holds."""
    about_fixed = [(one, fixed[name]) for name, one in parameter.when.items() if name in fixed]
    return all(condition_holds(condition, value) for condition, value in about_fixed)


def _open(parameter: SearchedParameter, fixed: Mapping[str, Scalar]) -> dict[str, Condition]:
    """Return the conditions that are still to be decided."""
    return {name: one for name, one in parameter.when.items() if name not in fixed}


def _named(texts: Sequence[str], option: str, allowed: str, faults: list[Fault]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        name, value = name.strip(), value.strip()
        if not (sign and name and value):
            faults.append(Fault(option, "not understood", shown(text), allowed))
        elif name not in PARAMETERS:
            what = f"no such parameter{perhaps_meant(name, PARAMETERS)}"
            known = "those that dense-study spaces parameters lists"
            faults.append(Fault(option, what, shown(name), known))
        elif name in found:
            faults.append(Fault(option, "given twice", name))
        else:
            found[name] = value
    return found


def _value(text: str) -> Scalar:
    """Read a value as TOML has it; what is no such value is a word."""
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return value if isinstance(value, bool | int | float | str) else text


def _domain(name: str, text: str, faults: list[Fault]) -> Domain | None:
    if ":" not in text:
        return ChoiceDomain(tuple(_value(one.strip()) for one in text.split(",")))
    first, second, *rest = [one.strip() for one in text.split(":")]
    low, high = _number(first), _number(second)
    if low is None or high is None or rest not in ([], ["log"]):
        faults.append(Fault("--vary", f"no range of {name}", shown(text), _RANGE))
        return None
    log = bool(rest)
    is_whole = isinstance(PARAMETERS[name], IntParameter)
    if is_whole and isinstance(low, int) and isinstance(high, int):
        return IntDomain(low, high, log=log)
    return FloatDomain(float(low), float(high), log=log)


def _number(text: str) -> int | float | None:
    value = _value(text)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and not isinstance(value, str) else None
