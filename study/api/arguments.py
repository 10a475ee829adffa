"""Arguments of Python users: mistyped ones are faults like those of a command line or a file."""

import numbers
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike

from search_spaces.data_source import DataOptions
from search_spaces.faults import Fault, FaultError, fault, shown
from search_spaces.parameters import Params
from search_spaces.space import Between, ChoiceDomain, FloatDomain, IntDomain, OneOf
from study.data.from_memory import save_arrays, save_frame
from study.run_dir.names import check_study_name


class Frame(Protocol):
    """A data frame in memory: pandas, polars, pyarrow, or whatever gives a stream of Arrow."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the table as a stream of Arrow's C interface."""


# A data set's name, the path of one's own data, a data frame, or arrays by name.
DataLike = str | Path | Frame | Mapping[str, ArrayLike]
# How data is read, as its options are called.
DATA_OPTIONS = tuple(one.name for one in fields(DataOptions))
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


def given_data(data: object, folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options with the data as a plan names it, None for none; raises FaultError.

    What a program holds in memory, the test rows of the option test_data too, is written into the
    folder.
    """
    named = dict(options)
    if _is_frame(named.get("test_data")):
        named["test_data"] = save_frame(named["test_data"], folder, "test_data")
    named |= {name: _data_option(name, named[name]) for name in DATA_OPTIONS if name in named}
    if data is None:
        return named
    if _is_frame(data):
        return {**named, "data": str(save_frame(data, folder, "data"))}
    if isinstance(data, Mapping):
        return {**named, "data": str(save_arrays(data, folder, named.get("test_share", 0.0)))}
    if not isinstance(data, str | Path):
        allowed = "a name, a path, a data frame, or a dict of x_train, y_train, x_test and y_test"
        raise fault("data", "no data", shown(data), allowed)
    return {**named, "data": str(data)}


def _data_option(name: str, value: object) -> object:
    """Return an option of the data as a plan has it; raises FaultError for a mistyped one."""
    if name == "drop":
        return tuple(given_texts(name, cast("Iterable[object]", value)))
    if name == "test_share":
        is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
        if not is_number or not 0 < float(cast("float", value)) < 1:
            raise fault(name, "no share", shown(value), "a fraction between 0 and 1")
        return float(cast("float", value))
    if not isinstance(value, str | Path):
        allowed = "a path or a data frame" if name == "test_data" else "a column's name"
        raise fault(name, "not a text", shown(value), allowed)
    return str(value)


def _is_frame(data: object) -> bool:
    return hasattr(data, "__arrow_c_stream__")
