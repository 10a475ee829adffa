"""Read [baseline] and [baseline.published], and hold the baseline to its own space."""

from collections.abc import Set as AbstractSet
from dataclasses import replace

from search_spaces.active import check_params
from search_spaces.faults import shown
from search_spaces.parameters import PARAMETERS, Scalar, check_value, complete_params, typed_value
from search_spaces.published import read_published
from search_spaces.space import Baseline, Space
from search_spaces.tables import Table


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


def read_baseline(table: Table, *, with_data: bool) -> Baseline:
    """Read the baseline; what it does not name has the vocabulary's default.

    `with_data` says that the file names its data.
    """
    params = read_params(table, besides=("published",))
    if "published" not in table.content:
        return Baseline(params)
    stated = table.content["published"]
    if not isinstance(stated, dict):
        allowed = "[baseline.published] as a table, with accuracy = 0.984 in it"
        table.add("published", "not a table", shown(stated), allowed)
        return Baseline(params)
    return Baseline(params, read_published(table.table("published"), with_data=with_data))


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
