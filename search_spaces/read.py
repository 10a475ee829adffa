"""Read a search space from TOML text, a file or the package; every fault in one message."""

import re
from dataclasses import replace
from pathlib import Path

from search_spaces.condition_order import circle, in_order, never_holds
from search_spaces.data_source import placed, read_data_source
from search_spaces.faults import FaultError, fault, shown, unknown
from search_spaces.parameters import PARAMETERS
from search_spaces.read_baseline import check_baseline, read_baseline, read_params
from search_spaces.read_beliefs import read_beliefs
from search_spaces.read_conditions import read_conditions
from search_spaces.read_domain import read_domain
from search_spaces.read_own import read_own_space
from search_spaces.shipped import shipped_names, shipped_text
from search_spaces.space import SearchedParameter, Space
from search_spaces.tables import Table, parse_table
from search_spaces.text_file import is_there, read_text_file

KEYS = ("name", "about", "data", "parameters", "believe", "fixed", "baseline")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def load_space(name_or_path: str) -> Space:
    """Load a shipped space by its name, or a TOML file by its path.

    Raises FaultError with everything that is wrong.
    """
    if name_or_path in shipped_names():
        return read_space(shipped_text(name_or_path), f"{name_or_path}.toml")
    path = Path(name_or_path)
    if path.suffix != ".toml" and len(path.parts) == 1 and not is_there(path):
        allowed = f"{', '.join(shipped_names())}, or the path of a .toml file"
        what = unknown("name", name_or_path, shipped_names())
        raise fault("search space", what, shown(name_or_path), allowed)
    space = read_space(read_text_file(path, name_or_path), name_or_path)
    if space.network == "own":
        what = "a space of a network that a program builds"
        raise fault(name_or_path, what, allowed="study.verdict_for, in Python")
    return replace(space, data=placed(space.data, path.parent)) if space.data else space


def read_space(text: str, where: str) -> Space:
    """Read a space from TOML text; `where` names the text in faults.

    Raises FaultError with everything that is wrong.
    """
    table = parse_table(text, where)
    # No user writes this key: a study's own file of its space has it.
    is_own = table.content.get("network") == "own"
    table.refuse_unknown((*KEYS, "network") if is_own else KEYS)
    if is_own:
        space = read_own_space(table, _name(table), _about(table))
    else:
        space, unjudged = _read(table)
        check_baseline(table.table("baseline"), space, unjudged)
    if table.faults:
        raise FaultError(*dict.fromkeys(table.faults))
    return space


def _read(table: Table) -> tuple[Space, set[str]]:
    name, about = _name(table), _about(table)
    fixed_table, baseline_table = table.table("fixed"), table.table("baseline")
    parameters, faulty = _parameters(table.table("parameters"), fixed_table)
    with_data = "data" in table.content
    fixed, baseline = read_params(fixed_table), read_baseline(baseline_table, with_data=with_data)
    stated = fixed_table.content.keys() | baseline_table.content.keys()
    read = fixed.keys() | baseline.params.keys()
    unjudged = faulty | {key for key in stated - read if key in PARAMETERS}
    searched = tuple(parameter for parameter in parameters if parameter.name not in unjudged)
    data = read_data_source(table.table("data")) if with_data else None
    beliefs = read_beliefs(table.table("believe"), searched, unjudged)
    space = Space(name, about, searched, fixed, baseline, data=data, beliefs=beliefs)
    return space, unjudged


def _about(table: Table) -> str:
    return table.text("about") if "about" in table.content else ""


def _name(table: Table) -> str:
    name = table.content.get("name")
    if table.has("name") and not (isinstance(name, str) and NAME.fullmatch(name)):
        allowed = "1 to 64 letters, digits, dots, dashes and underscores"
        table.add("name", "not a name", shown(name), allowed)
    return str(name)


def _parameters(table: Table, fixed: Table) -> tuple[tuple[SearchedParameter, ...], set[str]]:
    """Return the parameters in the order to ask in, and the names that cannot be judged further."""
    before = len(table.faults)
    if not table.content:
        table.add("", "nothing to search", allowed="at least one [parameters.<name>] table")
    declared = [name for name in PARAMETERS if name in table.content]
    table.refuse_unknown(PARAMETERS, "parameter")
    for name in declared:
        if name in fixed.content:
            table.add(name, "both searched and fixed")
    found = [_parameter(table.table(name), name, {*declared, *fixed.content}) for name in declared]
    sound = [parameter for parameter in found if parameter is not None]
    _check_conditions(table, sound, fixed)
    if len(table.faults) == before:
        return in_order(sound), set()
    free = tuple(parameter for parameter in sound if not parameter.when)
    return free, set(declared) - {parameter.name for parameter in free}


def _parameter(table: Table, name: str, usable: set[str]) -> SearchedParameter | None:
    before = len(table.faults)
    domain = read_domain(table, name)
    conditions = read_conditions(table, name, usable)
    sound = domain is not None and len(table.faults) == before
    return SearchedParameter(name, domain, conditions) if sound and domain else None


def _check_conditions(table: Table, parameters: list[SearchedParameter], fixed: Table) -> None:
    names = circle(parameters)
    if names:
        place = table.table(names[0]).table("when")
        place.add(names[1], "conditions go round in a circle", " -> ".join(names))
        return
    searched = {parameter.name: parameter for parameter in parameters}
    known = read_params(replace(fixed, faults=[]))  # its faults are reported elsewhere
    judged: set[str] = set(known)
    for parameter in in_order(parameters):
        if not parameter.when.keys() <= judged:
            continue  # what it depends on has faults of its own
        never = never_holds(parameter, searched, known)
        if never is None:
            judged.add(parameter.name)
        else:
            other, asked, possible = never
            place = table.table(parameter.name).table("when")
            place.add(other, f"{parameter.name} can never be searched", asked, possible)
