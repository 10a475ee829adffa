"""Read [baseline] and [baseline.published], and hold the baseline to its own space."""

import math
from collections.abc import Set as AbstractSet
from dataclasses import replace

from search_spaces.active import check_params
from search_spaces.faults import shown
from search_spaces.parameters import PARAMETERS, Scalar, check_value, complete_params, typed_value
from search_spaces.space import Baseline, PublishedAccuracy, Space
from search_spaces.tables import Table

PUBLISHED_KEYS = ("accuracy", "data", "split", "n", "runs", "source")
SPLITS = ("train", "validation", "test")
LARGEST_COUNT = 10**9


def read_params(table: Table, besides: tuple[str, ...] = ()) -> dict[str, Scalar]:
    """Read a table of values in the vocabulary's order; faulty ones are left out."""
    params: dict[str, Scalar] = {}
    for key, value in table.content.items():
        if key in besides:
            continue
        if key not in PARAMETERS:
            table.add_unknown(key, "parameter", PARAMETERS)
            continue
        faults = check_value(table.where(key), key, value)
        table.faults.extend(faults)
        if not faults:
            params[key] = typed_value(key, value)
    return {name: params[name] for name in PARAMETERS if name in params}


def read_baseline(table: Table) -> Baseline:
    """Read the baseline; what it does not name has the vocabulary's default."""
    params = read_params(table, besides=("published",))
    if "published" not in table.content:
        return Baseline(params)
    before = len(table.faults)
    published = table.table("published")
    return Baseline(params, _read_published(published) if len(table.faults) == before else None)


def _read_published(table: Table) -> PublishedAccuracy | None:
    before = len(table.faults)
    table.refuse_unknown(PUBLISHED_KEYS)
    published = PublishedAccuracy(
        accuracy=_accuracy(table),
        data=table.text("data"),
        split=_split(table),
        n=_count(table, "n"),
        runs=_count(table, "runs"),
        source=table.text("source"),
    )
    return published if len(table.faults) == before else None


def _accuracy(table: Table) -> float:
    if not table.has("accuracy"):
        return math.nan
    value = table.content["accuracy"]
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value) + 0.0
    table.add("accuracy", "not an accuracy", shown(value), "a fraction from 0 to 1")
    return math.nan


def _split(table: Table) -> str:
    if not table.has("split"):
        return ""
    value = table.content["split"]
    if value not in SPLITS:
        table.add("split", "no split", shown(value), ", ".join(SPLITS))
    return str(value)


def _count(table: Table, key: str) -> int:
    if not table.has(key):
        return 0
    value = table.content[key]
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LARGEST_COUNT:
        return value
    table.add(key, "not a count", shown(value), f"a whole number from 1 to {LARGEST_COUNT}")
    return 0


def check_baseline(table: Table, space: Space, unjudged: AbstractSet[str]) -> None:
    """Note where the baseline is no point of its own space, so that trial 0 could not be it.

    `unjudged` are the parameters that cannot be judged because something else is wrong with them.
    """
    stated = space.baseline.params
    complete = complete_params(table.where(), stated)
    params = {name: value for name, value in complete.items() if name not in unjudged}
    unstated = {f"{table.where()} {name}" for name in params if name not in stated}
    for fault in check_params(space, params, table.where()):
        got = f"{fault.got} (the default)" if fault.where in unstated else fault.got
        table.faults.append(replace(fault, got=got))
