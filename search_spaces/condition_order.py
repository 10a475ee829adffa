"""Conditions between parameters: an order to ask in, circles, and conditions that never hold."""

from collections.abc import Mapping, Sequence

from search_spaces.domains import can_hold, condition_text, domain_text
from search_spaces.parameters import PARAMETERS, Params
from search_spaces.space import ChoiceDomain, Condition, Domain, SearchedParameter

Searched = Mapping[str, SearchedParameter]


def in_order(parameters: Sequence[SearchedParameter]) -> tuple[SearchedParameter, ...]:
    """Return parameters in the vocabulary's order, each after those its conditions name.

    Those on a circle of conditions, or behind one, are left out.
    """
    waiting = {name: p for name in PARAMETERS for p in parameters if p.name == name}
    ordered: list[SearchedParameter] = []
    while ready := next((p for p in waiting.values() if not p.when.keys() & waiting.keys()), None):
        ordered.append(waiting.pop(ready.name))
    return tuple(ordered)


def circle(parameters: Sequence[SearchedParameter]) -> list[str]:
    """Return the names along one circle of conditions, first again at the end; [] without one."""
    placed = {parameter.name for parameter in in_order(parameters)}
    waiting = {p.name: p for p in parameters if p.name not in placed}
    path: list[str] = []
    name = next((name for name in PARAMETERS if name in waiting), None)
    while name is not None and name not in path:
        path.append(name)
        name = next(other for other in waiting[name].when if other in waiting)
    return [] if name is None else [*path[path.index(name) :], name]


def never_holds(
    parameter: SearchedParameter, searched: Searched, fixed: Params
) -> tuple[str, str, str] | None:
    """Find a condition that cannot hold together with all the others it depends on.

    Returns the name it is about, what is asked of it, and what it can be.
    """
    for other, conditions in all_conditions(parameter, searched).items():
        domain = _domain(other, searched, fixed)
        if not can_hold(domain, conditions):
            asked = " and ".join(condition_text(condition) for condition in conditions)
            return other, asked, domain_text(domain)
    return None


def _domain(name: str, searched: Searched, fixed: Params) -> Domain:
    return searched[name].domain if name in searched else ChoiceDomain((fixed[name],))


def all_conditions(parameter: SearchedParameter, searched: Searched) -> dict[str, list[Condition]]:
    """Return what must hold for a parameter to be searched, by the name it is about.

    Conditions of the parameters it depends on count too, each once.
    """
    gathered: dict[str, list[Condition]] = {}
    waiting, seen = [parameter], {parameter.name}
    for one in waiting:
        for other, condition in one.when.items():
            known = gathered.setdefault(other, [])
            if condition not in known:
                known.append(condition)
            if other in searched and other not in seen:
                seen.add(other)
                waiting.append(searched[other])
    return gathered
