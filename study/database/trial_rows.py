"""Rows of Optuna's own tables that its interface cannot change: trials that ended, directions."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from optuna.distributions import distribution_to_json
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial
from sqlalchemy import Connection, Engine, MetaData, Table, bindparam

_TRIALS, _ATTRIBUTES = "trials", "trial_user_attributes"
_PARAMS, _STEPS = "trial_params", "trial_intermediate_values"
_DIRECTIONS = "study_directions"


def set_times(engine: Engine, trial_id: int, trial: FrozenTrial) -> None:
    """Write when a trial began and ended, which Optuna notes as when it heard of it."""
    times = {"datetime_start": trial.datetime_start, "datetime_complete": trial.datetime_complete}
    with engine.begin() as connection:
        trials = _table(connection, _TRIALS)
        row = trials.update().where(trials.c.trial_id == trial_id)
        connection.execute(row.values({name: _utc(time) for name, time in times.items()}))


def set_direction(engine: Engine, study_id: int, direction: StudyDirection) -> None:
    """Write which values of a study are better; it has one."""
    with engine.begin() as connection:
        directions = _table(connection, _DIRECTIONS)
        row = directions.update().where(directions.c.study_id == study_id)
        connection.execute(row.values(direction=direction.name))


def rewrite_trials(
    engine: Engine, study_id: int, numbers: Mapping[int, int], ours: Sequence[FrozenTrial]
) -> None:
    """Give the trials of a study other numbers, and write ours anew, in one transaction.

    `numbers` are the new ones by the ids of trials. Those of `ours` that have an id keep state,
    value and params, and get other user attributes and steps; those with id -1 are added as
    RUNNING, with params and attributes.
    """
    with engine.begin() as connection:
        trials = _table(connection, _TRIALS)
        study = _table(connection, "studies")
        # Whoever adds a trial waits until this is done, since Optuna locks the same row.
        row = study.update().where(study.c.study_id == study_id)
        connection.execute(row.values(study_name=study.c.study_name))
        renumber = trials.update().where(trials.c.trial_id == bindparam("id"))
        rows = [{"id": trial_id, "to": number} for trial_id, number in numbers.items()]
        _execute(connection, renumber.values(number=bindparam("to")), rows)
        _empty(connection, [trial._trial_id for trial in ours if trial._trial_id >= 0])  # noqa: SLF001 the one id there is
        _fill(connection, {_id_of(connection, study_id, trial): trial for trial in ours})


def _empty(connection: Connection, trial_ids: Sequence[int]) -> None:
    rows = [{"id": trial_id} for trial_id in trial_ids]
    for name in (_ATTRIBUTES, _STEPS):
        table = _table(connection, name)
        _execute(connection, table.delete().where(table.c.trial_id == bindparam("id")), rows)


def _fill(connection: Connection, trials: Mapping[int, FrozenTrial]) -> None:
    attributes = [
        {"trial_id": trial_id, "key": key, "value_json": json.dumps(value)}
        for trial_id, trial in trials.items()
        for key, value in trial.user_attrs.items()
    ]
    _execute(connection, _table(connection, _ATTRIBUTES).insert(), attributes)
    steps = [
        {"trial_id": trial_id, "step": step, **_step(value)}
        for trial_id, trial in trials.items()
        for step, value in trial.intermediate_values.items()
    ]
    _execute(connection, _table(connection, _STEPS).insert(), steps)


def _id_of(connection: Connection, study_id: int, trial: FrozenTrial) -> int:
    if trial._trial_id >= 0:  # noqa: SLF001 the one id there is
        return trial._trial_id  # noqa: SLF001
    values = {"study_id": study_id, "number": trial.number, "state": trial.state.name}
    row = _table(connection, _TRIALS).insert().values(datetime_start=_utc(trial.datetime_start))
    key: Any = connection.execute(row.values(values)).inserted_primary_key
    trial_id: int = key[0]
    params = [
        {
            "trial_id": trial_id,
            "param_name": name,
            "param_value": trial.distributions[name].to_internal_repr(value),
            "distribution_json": distribution_to_json(trial.distributions[name]),
        }
        for name, value in trial.params.items()
    ]
    _execute(connection, _table(connection, _PARAMS).insert(), params)
    return trial_id


def _step(value: float) -> dict[str, Any]:
    if math.isnan(value):
        return {"intermediate_value": None, "intermediate_value_type": "NAN"}
    return {"intermediate_value": value, "intermediate_value_type": "FINITE"}


def _execute(connection: Connection, statement: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(statement, rows)


def _utc(local: datetime | None) -> datetime | None:
    return None if local is None else local.astimezone(UTC).replace(tzinfo=None)


def _table(connection: Connection, name: str) -> Table:
    # As it is in this database: what PostgreSQL has types of its own for is text in SQLite.
    return Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
