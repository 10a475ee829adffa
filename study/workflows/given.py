"""Candidates that were found elsewhere: the space that their params make, and what to try in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from search_spaces.faults import Fault, FaultError, fault
from search_spaces.parameters import PARAMETERS, Params, Scalar, check_value, complete_params
from search_spaces.read_own import check_own_value
from search_spaces.space import Baseline, ChoiceDomain, Network, SearchedParameter, Space


@dataclass(frozen=True)
class Found:
    """Params found elsewhere, in words for messages ("trial 17 of ..."), and their number there."""

    params: Params
    where: str
    number: int


@dataclass(frozen=True)
class Given:
    """What a study of given candidates tries: its space, and the candidates' params, best first.

    `numbers` are those that the candidates had where they were found.
    """

    space: Space
    params: tuple[dict[str, Scalar], ...]
    numbers: tuple[int, ...]


def given_candidates(
    name: str, baseline: Params, found: Sequence[Found], top: int, network: Network = "dense"
) -> Given:
    """Take the first `top` different configs that are not the baseline's own.

    Those of a user's own network have the parameters that the baseline has. Raises FaultError with
    every fault of those that were looked at, and where none is left.
    """
    base = _complete(Found(baseline, "baseline", 0), network)
    if network == "own" and not base:
        raise fault("baseline", "has no params", allowed="those that the function takes")
    taken: dict[int, dict[str, Scalar]] = {}
    faults: list[list[Fault]] = []
    for one in found:
        if len(taken) + len(faults) == top:
            break
        try:
            params = _complete(one, network)
        except FaultError as error:
            faults.append(list(error.faults))
            continue
        if network == "own" and params.keys() != base.keys():
            what, allowed = "has other parameters than the baseline", ", ".join(base)
            faults.append([Fault(one.where, what, ", ".join(params), allowed)])
        elif params != base and params not in taken.values():
            taken[one.number] = params
    if faults:
        raise FaultError(*(each for some in faults for each in some))
    if not taken:
        what = "no candidate other than the baseline"
        raise fault("candidates", what, str(len(found)), "at least one other config")
    space = _space(name, base, list(taken.values()), network)
    searched = [one.name for one in space.parameters]
    rows = tuple({key: params[key] for key in searched} for params in taken.values())
    return Given(space, rows, tuple(taken))


def described(given: Given, about: str) -> Given:
    """Return the candidates with words on where they are from."""
    return replace(given, space=replace(given.space, about=about))


def _complete(one: Found, network: Network) -> dict[str, Scalar]:
    check = check_value if network == "dense" else check_own_value
    faults = [f for key, value in one.params.items() for f in check(one.where, key, value)]
    if faults:
        raise FaultError(*faults)
    return complete_params(one.where, one.params) if network == "dense" else dict(one.params)


def _space(
    name: str,
    baseline: Mapping[str, Scalar],
    taken: Sequence[Mapping[str, Scalar]],
    network: Network,
) -> Space:
    """Make a space of exactly the values that occur; what all have in common is fixed."""
    rows = [baseline, *taken]
    values = {key: tuple(dict.fromkeys(row[key] for row in rows)) for key in baseline}
    searched = tuple(
        SearchedParameter(key, ChoiceDomain(tuple(sorted(found, key=_order))))
        for key, found in values.items()
        if len(found) > 1
    )
    fixed = {
        key: found[0]
        for key, found in values.items()
        if len(found) == 1 and (network == "own" or found[0] != PARAMETERS[key].default)
    }
    named = {one.name for one in searched} | fixed.keys()
    own = {key: value for key, value in baseline.items() if key in named}
    return Space(name, "", searched, fixed, Baseline(own), network)


def _order(value: Scalar) -> tuple[bool, Scalar]:
    return isinstance(value, str), value
