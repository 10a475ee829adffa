"""Search spaces that are built in Python, by the rules of those in TOML."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from search_spaces.faults import Fault, FaultError, shown
from search_spaces.parameters import Params
from search_spaces.read import load_space, read_space
from search_spaces.space import (
    Baseline,
    Between,
    ChoiceDomain,
    Condition,
    Domain,
    FloatDomain,
    IntDomain,
    OneOf,
    PublishedNumber,
    SearchedParameter,
    Space,
)
from search_spaces.write import write_space
from study.api.arguments import given_mapping, given_params, plain_fields

_DOMAINS = (IntDomain, FloatDomain, ChoiceDomain)
_CONDITIONS = (Between, OneOf)
# A shipped space's name, the path of a TOML file, or a space.
SpaceLike = str | Path | Space


def space(
    name: str,
    parameters: Mapping[str, Domain],
    *,
    fixed: Params | None = None,
    baseline: Params | None = None,
    when: Mapping[str, Mapping[str, Condition]] | None = None,
    published: PublishedNumber | None = None,
    about: str = "",
) -> Space:
    """Build a search space.

    `parameters` are domains by the names that `dense-study spaces parameters` lists; `when` has the
    conditions under which a parameter is searched, by its name and the other's. What is neither
    searched nor fixed has its default. Raises DenseStudyError with everything that is wrong.

    Example:
        >>> from study import IntDomain
        >>> mine = space("mine", {"width": IntDomain(16, 64)}, baseline={"width": 32})
        >>> mine.parameters[0].domain
        IntDomain(low=16, high=64, step=1, log=False)
    """
    where = f"space {name}"
    conditions = given_mapping(f"{where}: when", when or {})
    faults: list[Fault] = []

    def at(key: str) -> str:
        return f"{where}: [parameters.{key}]"

    searched = [
        SearchedParameter(
            key,
            _checked(at(key), domain, _DOMAINS, faults),
            {
                other: _checked(f"{at(key)} when.{other}", one, _CONDITIONS, faults)
                for other, one in given_mapping(f"{at(key)} when", conditions.get(key, {})).items()
            },
        )
        for key, domain in given_mapping(f"{where}: parameters", parameters).items()
    ]
    others, base = (
        given_params(f"{where}: [{table}]", values or {})
        for table, values in (("fixed", fixed), ("baseline", baseline))
    )
    for table, values in (("fixed", others), ("baseline", base)):
        for key, value in values.items():
            _check_value(f"{where}: [{table}] {key}", value, faults)
    if faults:
        raise FaultError(*faults)
    built = Space(name, about, tuple(searched), others, Baseline(base, published))
    return read_space(write_space(built), where)


def _checked(where: str, value: Any, kinds: tuple[type, ...], faults: list[Fault]) -> Any:
    """Return a domain or condition with Python's own numbers; what is none becomes a fault."""
    if isinstance(value, kinds):
        plain = plain_fields(cast("Domain | Condition", value))
        for name, own in vars(plain).items():
            for one in own if isinstance(own, tuple) else (own,):
                if (name, one) != ("step", None):
                    _check_value(f"{where} {name}", one, faults)
        return plain
    allowed = " or ".join(f"study.{kind.__name__}(...)" for kind in kinds)
    faults.append(Fault(where, "not understood", shown(value), allowed))
    return value


def _check_value(where: str, value: object, faults: list[Fault]) -> None:
    if not isinstance(value, bool | int | float | str):
        faults.append(Fault(where, "not a value", shown(value), "a number, a text, true or false"))


def loaded_space(asked: SpaceLike) -> Space:
    """Return a space as it is, or load it by its name or path; raises DenseStudyError."""
    return asked if isinstance(asked, Space) else load_space(str(asked))
