"""Read [believe]: for a searched parameter, about which value its best is believed to lie."""

import math
from collections.abc import Sequence

from search_spaces.domains import domain_contains, domain_text
from search_spaces.faults import shown
from search_spaces.parameters import PARAMETERS, Scalar, check_value, typed_value
from search_spaces.space import Belief, ChoiceDomain, Domain, SearchedParameter
from search_spaces.tables import Table

LARGEST_FACTOR = 1000.0


def read_beliefs(
    table: Table, parameters: Sequence[SearchedParameter], faulty: set[str]
) -> dict[str, Belief]:
    """Read the beliefs in the vocabulary's order; those with a fault are left out.

    `faulty` are parameters that cannot be judged because something else is wrong with them.
    """
    domains = {one.name: one.domain for one in parameters}
    found: dict[str, Belief] = {}
    for name in table.content:
        if name not in PARAMETERS:
            table.add_unknown(name, "parameter", list(domains))
        elif name not in domains and name not in faulty:
            table.add(name, "a belief about what is not searched", allowed=", ".join(domains))
        elif name in domains:
            belief = _read(table.table(name), name, domains[name])
            if belief is not None:
                found[name] = belief
    return {name: found[name] for name in PARAMETERS if name in found}


def _read(table: Table, name: str, domain: Domain) -> Belief | None:
    before = len(table.faults)
    if isinstance(domain, ChoiceDomain):
        table.refuse_unknown(("about",))
        about, within = _read_about(table, name, domain), None
    else:
        table.refuse_unknown(("about", "within"))
        about, within = _read_about(table, name, domain), _read_within(table, log=domain.log)
    if about is None or len(table.faults) > before:
        return None
    return Belief(about, within)


def _read_about(table: Table, name: str, domain: Domain) -> Scalar | None:
    if not table.has("about"):
        return None
    given = table.content["about"]
    faults = check_value(table.where("about"), name, given)
    table.faults.extend(faults)
    if faults:
        return None
    about = typed_value(name, given)
    if not domain_contains(domain, about):
        table.add("about", f"not in the domain of {name}", shown(given), domain_text(domain))
    return about


def _read_within(table: Table, *, log: bool) -> float | None:
    if not table.has("within"):
        return None
    within = table.content["within"]
    is_number = isinstance(within, int | float) and not isinstance(within, bool)
    if is_number and math.isfinite(within):
        if log and 1 < within <= LARGEST_FACTOR:
            return float(within)
        if not log and within > 0:
            return float(within)
    what = "not a factor to divide and multiply by" if log else "not a distance"
    allowed = f"a number above 1, up to {LARGEST_FACTOR:g}" if log else "a number above 0"
    table.add("within", what, shown(within), allowed)
    return None
