"""Write a search space as TOML text that the reader reads back as the same value."""

import json
from collections.abc import Mapping

from search_spaces.parameters import Scalar
from search_spaces.published import said_of_published
from search_spaces.space import (
    Belief,
    ChoiceDomain,
    Condition,
    Domain,
    FloatDomain,
    OneOf,
    SearchedParameter,
    Space,
)

Written = Scalar | tuple[Scalar, ...] | Mapping[str, Scalar]


def write_space(space: Space) -> str:
    """Return the TOML text of a space."""
    head: dict[str, Written] = {"name": space.name}
    if space.about:
        head["about"] = space.about
    if space.network != "dense":
        head["network"] = space.network
    tables = [_lines(head)]
    if space.data is not None:
        tables.append(_table("data", {"source": space.data.source, **space.data.options.given()}))
    tables += [_table(f"parameters.{p.name}", _parameter(p)) for p in space.parameters]
    tables += [_table(f"believe.{name}", _belief(one)) for name, one in space.beliefs.items()]
    if space.fixed:
        tables.append(_table("fixed", space.fixed))
    if space.baseline.params:
        tables.append(_table("baseline", space.baseline.params))
    if space.baseline.published is not None:
        tables.append(_table("baseline.published", said_of_published(space.baseline.published)))
    return "\n".join(tables)


def _parameter(parameter: SearchedParameter) -> dict[str, Written]:
    when = {f"when.{other}": _condition(c) for other, c in parameter.when.items()}
    return _domain(parameter.domain) | when


def _domain(domain: Domain) -> dict[str, Written]:
    if isinstance(domain, ChoiceDomain):
        return {"type": "choice", "values": domain.values}
    kind = "float" if isinstance(domain, FloatDomain) else "int"
    written: dict[str, Written] = {"type": kind, "low": domain.low, "high": domain.high}
    if domain.step is not None and (kind, domain.step) != ("int", 1):
        written["step"] = domain.step
    if domain.log:
        written["log"] = True
    return written


def _belief(belief: Belief) -> dict[str, Written]:
    within: dict[str, Written] = {} if belief.within is None else {"within": belief.within}
    return {"about": belief.about, **within}


def _condition(condition: Condition) -> Written:
    if not isinstance(condition, OneOf):
        return {"low": condition.low, "high": condition.high}
    return condition.values[0] if len(condition.values) == 1 else condition.values


def _table(path: str, content: Mapping[str, Written]) -> str:
    return f"[{path}]\n{_lines(content)}"


def _lines(content: Mapping[str, Written]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in content.items())


def _value(value: Written) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            # a JSON string is a TOML string, but for DEL, which TOML wants escaped
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case tuple():
            return f"[{', '.join(_value(item) for item in value)}]"
        case Mapping():
            return f"{{ {', '.join(f'{key} = {_value(item)}' for key, item in value.items())} }}"
        case _:
            return repr(value)
