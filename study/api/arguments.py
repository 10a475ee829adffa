"""Arguments of Python users: mistyped ones are faults like those of a command line or a file."""

import numbers
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike

from search_spaces.faults import Fault, FaultError, fault, shown
from search_spaces.parameters import Params
from search_spaces.space import Between, ChoiceDomain, FloatDomain, IntDomain, OneOf
from study.data.from_arrays import save_arrays
from study.run_dir.names import check_study_name

# A data set's name, the path of one's own data, or its four arrays by name.
DataLike = str | Path | Mapping[str, ArrayLike]
OfSpace = TypeVar("OfSpace", bound=IntDomain | FloatDomain | ChoiceDomain | Between | OneOf)


def given_params(where: str, params: object) -> Params:
    """Return params by name, numpy's numbers as Python's; raises FaultError for anything else."""
    named = given_mapping(where, params)
    return cast("Params", {name: plain_value(value) for name, value in named.items()})


def given_mapping(where: str, given: object) -> Mapping[str, object]:
    """Return what is a mapping with names as its keys; raises FaultError for anything else."""
    if not isinstance(given, Mapping):
        raise fault(where, "not a dict of names and values", shown(given), '{"width": 64, ...}')
    wrong = [key for key in given if not isinstance(key, str)]
    if wrong:
        raise FaultError(*(Fault(where, "not a name", shown(key), "a text") for key in wrong))
    return given


def plain_value(value: object) -> object:
    """Return a number of numpy as Python's, and values in a list as a tuple of such."""
    match value:
        case np.generic():
            return cast("object", value.item())
        case list() | tuple():
            return tuple(map(plain_value, value))
    return value


def plain_fields(value: OfSpace) -> OfSpace:
    """Return a domain or a condition with Python's own numbers."""
    own: dict[str, Any] = {one.name: plain_value(getattr(value, one.name)) for one in fields(value)}
    return replace(value, **own)


def given_count(where: str, value: object, least: int = 1) -> int:
    """Return a whole number of at least `least`; raises FaultError for anything else."""
    is_whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not is_whole or int(cast("int", value)) < least:
        raise fault(where, "not a whole number in range", shown(value), f"{least} or more")
    return int(cast("int", value))


def given_jobs(jobs: object) -> int | None:
    """Return a number of workers, None where none was given; raises FaultError."""
    return None if jobs is None else given_count("jobs", jobs)


def given_texts(where: str, texts: Iterable[object]) -> Sequence[str]:
    """Return a list of texts, which one text alone is not; raises FaultError."""
    rows = [texts] if isinstance(texts, str) or not isinstance(texts, Iterable) else list(texts)
    if isinstance(texts, str) or not all(isinstance(one, str) for one in rows):
        raise fault(where, "not a list of texts", shown(texts), '["...", ...]')
    return cast("list[str]", rows)


def given_name(name: object) -> str:
    """Return a study's name; raises FaultError for what is none."""
    if not isinstance(name, str):
        raise fault("name", "not a study name", shown(name), "a text")
    return check_study_name(name)


def data_place(data: object, folder: Path) -> str:
    """Return what the plan names the data by; arrays are written into the folder."""
    if isinstance(data, Mapping):
        return str(save_arrays(data, folder))
    if not isinstance(data, str | Path):
        allowed = "a name, a path, or a dict of x_train, y_train, x_test and y_test"
        raise fault("data", "no data", shown(data), allowed)
    return str(data)
