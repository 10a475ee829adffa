"""A space as rows of short texts: what `spaces show` and a report's table of the space print."""

from dataclasses import dataclass

from search_spaces.active import baseline_params, searched_params
from search_spaces.domains import condition_text
from search_spaces.kinds import ChoiceParameter
from search_spaces.measures import MEASURES
from search_spaces.parameters import PARAMETERS, Scalar
from search_spaces.published import n_words, runs_words
from search_spaces.space import (
    Between,
    ChoiceDomain,
    Condition,
    Domain,
    PublishedNumber,
    SearchedParameter,
    Space,
)


@dataclass(frozen=True)
class Row:
    """One searched parameter: its values, when it is searched ("" for always), its baseline.

    `baseline` is "-" where the baseline does not have the parameter.
    """

    name: str
    values: str
    when: str
    baseline: str


def space_rows(space: Space) -> tuple[Row, ...]:
    """Return a row for each searched parameter, in the space's order."""
    baseline = searched_params(space, baseline_params(space))
    texts = {name: value_text(value) for name, value in baseline.items()}
    return tuple(
        Row(p.name, _domain(p.domain), _when(p), texts.get(p.name, "-")) for p in space.parameters
    )


def left_at_default(space: Space) -> dict[str, Scalar]:
    """Return the parameters that are neither searched nor fixed, with their defaults."""
    used = {*space.fixed, *(parameter.name for parameter in space.parameters)}
    return {name: p.default for name, p in PARAMETERS.items() if name not in used}


def published_text(published: PublishedNumber) -> str:
    """Say what was published, with its split, n, runs and source."""
    data = published.data or "the space's own data,"
    where = f"{data} {published.split}, {n_words(published)}, {runs_words(published)}"
    return f"{_number(published)} ({where}; {published.source or 'source not said'})"


def _number(published: PublishedNumber) -> str:
    if published.accuracy is not None:
        return f"{published.accuracy:.2%}"
    return f"{MEASURES[published.is_of].title} {published.number:g}"


def value_text(value: Scalar) -> str:
    """Write a value short: true and false in lower case, floats in up to six digits."""
    match value:
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def _domain(domain: Domain) -> str:
    if isinstance(domain, ChoiceDomain):
        return ", ".join(value_text(value) for value in domain.values)
    stepped = domain.step is not None and domain.step != 1
    by = f" by {domain.step:g}" if stepped else ""
    return f"{domain.low:g} to {domain.high:g}{by}{' (log)' * domain.log}"


def _when(parameter: SearchedParameter) -> str:
    return "; ".join(_condition(other, c) for other, c in parameter.when.items())


def _condition(other: str, condition: Condition) -> str:
    if isinstance(condition, Between):
        limits = PARAMETERS[other]
        if not isinstance(limits, ChoiceParameter) and condition.high >= limits.high:
            return f"{other} is at least {condition.low:g}"
        return f"{other} is {condition_text(condition)}"
    return f"{other} is {' or '.join(value_text(value) for value in condition.values)}"
