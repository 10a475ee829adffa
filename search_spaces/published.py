"""What a file says of a published accuracy: its keys, what may be left out, and how it is said."""

import math
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any

from search_spaces.faults import Fault, shown
from search_spaces.measures import MEASURE_NAMES, MEASURES, MeasureName
from search_spaces.space import PublishedNumber, Space
from search_spaces.tables import Table

SPLITS = ("train", "validation", "test")
LARGEST_COUNT = 10**9
# What each key means, with a line as it may stand in a file.
PUBLISHED_KEYS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "accuracy": ("the number itself, a fraction from 0 to 1", "accuracy = 0.984"),
        "measure": ("what the number is, where it is no accuracy", 'measure = "log_loss"'),
        "value": ("the number itself, where it is no accuracy", "value = 0.06"),
        "data": ("the data set it was measured on, where [data] names none", 'data = "mnist"'),
        "split": ("the split it was measured on; test, if nothing is said", 'split = "test"'),
        "n": ("how many images or rows it was measured on", "n = 10000"),
        "runs": ("how many trainings it is the mean of", "runs = 1"),
        "source": ("where it was published", 'source = "a paper"'),
    }
)


def read_published(table: Table, *, with_data: bool) -> PublishedNumber | None:
    """Read [baseline.published]; None with its faults noted where something is wrong.

    `with_data` says that the file names its data. All keys that are missing are one fault.
    """
    before = len(table.faults)
    table.refuse_unknown(PUBLISHED_KEYS)
    readers: dict[str, Callable[[Table, str], Any]]
    readers = {
        "accuracy": _accuracy,
        "measure": _measure,
        "value": _value,
        "split": _split,
        "n": _count,
        "runs": _count,
    }
    values: dict[str, Any] = {
        key: readers[key](table, key) if key in readers else table.text(key)
        for key in PUBLISHED_KEYS
        if key in table.content
    }
    _ask_for_missing(table, with_data=with_data)
    values.setdefault("accuracy", None)
    return PublishedNumber(**values) if len(table.faults) == before else None


def said_of_published(published: PublishedNumber) -> dict[str, Any]:
    """Return what is said of a published number, by the keys of a file."""
    values = {one.name: getattr(published, one.name) for one in fields(published)}
    numbers = "accuracy", "value"
    return {
        key: value
        for key, value in values.items()
        if value is not None and (key in numbers or value)
    }


def kept_with_study(space: Space, data: str, test_n: int, *, is_named: bool) -> Space:
    """Return a space as a study keeps it: without [data], and what is known is said as published.

    `data` is the name of the study's data with `test_n` test rows; `is_named` says that it is what
    the space's [data] names.
    """
    published = space.baseline.published
    if published is None:
        return replace(space, data=None)
    if not published.data:
        source = space.data.source if space.data else ""
        named = data if is_named else f"the [data] of {space.name}, {shown(source)}"
        published = replace(published, data=named)
    if not published.n and (published.data, published.split) == (data, "test"):
        published = replace(published, n=test_n)
    return replace(space, data=None, baseline=replace(space.baseline, published=published))


def n_words(published: PublishedNumber) -> str:
    """Say on how many rows it was measured."""
    return f"n = {published.n:,}" if published.n else "n not said"


def runs_words(published: PublishedNumber) -> str:
    """Say how many trainings it is the mean of."""
    if not published.runs:
        return "number of runs not said"
    return "1 run, seed unknown" if published.runs == 1 else f"{published.runs} runs"


def _ask_for_missing(table: Table, *, with_data: bool) -> None:
    there = table.content
    is_other = "measure" in there or "value" in there
    needed = {
        "accuracy": not is_other,
        "measure": is_other,
        "value": is_other,
        "data": not with_data,
        "n": there.get("split", "test") != "test",
    }
    if is_other and "accuracy" in there:
        what = "a published number is an accuracy, or the value of another measure"
        table.faults.append(Fault(table.where(), what, "both", "one of the two"))
    missing = [key for key, is_needed in needed.items() if is_needed and key not in there]
    if missing:
        meanings = "; ".join(f"{key} ({PUBLISHED_KEYS[key][0]})" for key in missing)
        lines = ", ".join(PUBLISHED_KEYS[key][1] for key in missing)
        table.faults.append(Fault(table.where(), f"missing: {meanings}", "", f"as in {lines}"))


def _accuracy(table: Table, key: str) -> float:
    value = table.content[key]
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value) + 0.0
    table.add(key, "not an accuracy", shown(value), "a fraction from 0 to 1")
    return math.nan


def _measure(table: Table, key: str) -> MeasureName | None:
    value = table.content[key]
    found = next((one for one in MEASURE_NAMES if one == value and one != "accuracy"), None)
    if found is None:
        table.add(key, "no such measure", shown(value), ", ".join(MEASURE_NAMES[1:]))
    return found


def _value(table: Table, key: str) -> float:
    value = table.content[key]
    named = table.content.get("measure")
    most = max((one.worst for one in MEASURES.values() if one.name == named), default=math.inf)
    most = max(most, 1.0)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most:
        return float(value) + 0.0
    table.add(key, "not a value of this measure", shown(value), f"a number from 0 to {most:.4g}")
    return math.nan


def _split(table: Table, key: str) -> str:
    value = table.content[key]
    if value not in SPLITS:
        table.add(key, "no split", shown(value), ", ".join(SPLITS))
    return str(value)


def _count(table: Table, key: str) -> int:
    value = table.content[key]
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LARGEST_COUNT:
        return value
    table.add(key, "not a count", shown(value), f"a whole number from 1 to {LARGEST_COUNT}")
    return 0
