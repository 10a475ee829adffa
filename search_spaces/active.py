"""Which searched parameters a trial has, given its other values; without importing Optuna."""

from search_spaces.domains import condition_holds, domain_contains, domain_text, snapped
from search_spaces.faults import Fault, shown
from search_spaces.parameters import (
    PARAMETERS,
    Params,
    Scalar,
    check_value,
    complete_params,
    typed_value,
)
from search_spaces.space import SearchedParameter, Space


def is_active(parameter: SearchedParameter, params: Params) -> bool:
    """Say whether a parameter is asked for; a parameter that is absent fulfils no condition."""
    return all(
        other in params and condition_holds(condition, params[other])
        for other, condition in parameter.when.items()
    )


def searched_params(space: Space, params: Params) -> dict[str, Scalar]:
    """Return the part of params that is searched and active, in the space's order."""
    known = dict(space.fixed)
    searched: dict[str, Scalar] = {}
    for parameter in space.parameters:
        name = parameter.name
        if name in params and is_active(parameter, known):
            value = params[name]
            typed = typed_value(name, value) if space.network == "dense" else value
            known[name] = searched[name] = snapped(parameter.domain, typed)
    return searched


def baseline_params(space: Space) -> dict[str, Scalar]:
    """Return every parameter of the baseline: what it leaves out has the vocabulary's default."""
    params = space.baseline.params
    return dict(params) if space.network == "own" else complete_params("baseline", params)


def full_params(space: Space, params: Params) -> dict[str, Scalar]:
    """Return the fixed and the searched values together: what a config is built from."""
    return {**space.fixed, **params}


def check_params(space: Space, params: Params, where: str) -> list[Fault]:
    """List why params are no point of the space (empty when they are one).

    Searched parameters may be missing: the sampler chooses them, and conditions on them are not
    judged. What is not searched, or not active, may be named only with the value it has anyway.
    """
    faults = [
        f for name, value in params.items() for f in check_value(f"{where} {name}", name, value)
    ]
    if faults:
        return faults
    searched = {parameter.name: parameter for parameter in space.parameters}
    known = {**space.fixed, **searched_params(space, params)}
    missing = searched.keys() - params.keys()
    for name, value in params.items():
        here = f"{where} {name}"
        parameter = searched.get(name)
        if parameter is None:
            faults += _unlike(here, "not searched", value, space.fixed.get(name, _default(name)))
        elif not is_active(parameter, known) and not missing & parameter.when.keys():
            faults += _unlike(here, "not active with these values", value, _default(name))
        elif not domain_contains(parameter.domain, value):
            outside = "outside the search space"
            faults.append(Fault(here, outside, shown(value), domain_text(parameter.domain)))
    return faults


def _default(name: str) -> Scalar:
    return PARAMETERS[name].default


def _unlike(where: str, what: str, value: Scalar, expected: Scalar) -> list[Fault]:
    return [] if value == expected else [Fault(where, what, shown(value), shown(expected))]
