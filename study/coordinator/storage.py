"""Told trials in durable Optuna storage: one transaction each, read by everything that looks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import optuna
from optuna.distributions import BaseDistribution
from optuna.storages import BaseStorage
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from reports.record import EpochRecord, State, TrialRecord
from search_spaces.faults import fault
from search_spaces.optuna_domains import distribution
from search_spaces.space import Space
from study.redact import redact_url
from study.run_directory import RunDirectory

_RECORD = "record"
_POINTS = 4
_STATES: Mapping[State, TrialState] = MappingProxyType(
    {
        "complete": TrialState.COMPLETE,
        "pruned": TrialState.PRUNED,
        "failed": TrialState.FAIL,
    }
)


class TrialStorage:
    """Hold one study of an Optuna storage; all that is written there goes through `tell`."""

    def __init__(self, storage: BaseStorage, study_id: int, where: str) -> None:
        self._storage = storage
        self._study_id = study_id
        self._where = where

    def tell(self, record: TrialRecord, space: Space) -> None:
        """Write a trial that ended, whole or not at all; raises FaultError."""
        with _one_message(self._where):
            self._storage.create_new_trial(self._study_id, template_trial=_frozen(record, space))

    def records(self) -> tuple[TrialRecord, ...]:
        """Return every told trial by number; raises FaultError."""
        with _one_message(self._where):
            trials = self._storage.get_all_trials(self._study_id, deepcopy=False)
        records = (_record(trial) for trial in trials if _RECORD in trial.user_attrs)
        return tuple(sorted(records, key=lambda record: record.number))

    def close(self) -> None:
        """Give back the connections."""
        self._storage.remove_session()


def storage_url(run: RunDirectory, asked: str) -> str:
    """Return the URL of a study's storage: the one asked for, or the run directory's SQLite."""
    return asked or f"sqlite:///{run.database}"


def open_storage(url: str, name: str, create: bool) -> TrialStorage:
    """Open a study in a storage; without `create` a missing one is a fault. Raises FaultError."""
    where = redact_url(url)
    if not create and not _is_there(url):
        raise fault(where, "no such database")
    with _one_message(where):
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        storage = optuna.storages.get_storage(url)
        found = {study.study_name: study._study_id for study in storage.get_all_studies()}  # noqa: SLF001 the one id there is
        if name not in found and not create:
            raise fault(where, "holds no such study", name, ", ".join(found) or "none yet")
        if name not in found:
            found[name] = storage.create_new_study([StudyDirection.MAXIMIZE], name)
    return TrialStorage(storage, found[name], where)


def _is_there(url: str) -> bool:
    # Optuna makes an empty database where there is none, even to read from.
    path = url.removeprefix("sqlite:///")
    return path == url or Path(path).is_file()


@contextmanager
def _one_message(where: str) -> Iterator[None]:
    # A full disk shows as an AssertionError of Optuna's, a lost server as SQLAlchemy's own errors.
    try:
        yield
    except (optuna.exceptions.StorageInternalError, SQLAlchemyError, AssertionError) as error:
        cause = error.__cause__ or error
        what = redact_url(str(getattr(cause, "orig", None) or cause))
        kind = "not a storage URL" if isinstance(error, ArgumentError) else "the storage failed"
        raise fault(where, f"{kind}: {what}") from error
    except (OSError, ModuleNotFoundError) as error:
        raise fault(where, f"the storage failed: {redact_url(str(error))}") from error


def _frozen(record: TrialRecord, space: Space) -> FrozenTrial:
    domains: dict[str, BaseDistribution] = {
        parameter.name: distribution(parameter.domain) for parameter in space.parameters
    }
    # The whole curve is in the record; a point costs a query, and a dashboard does with a few.
    every = max(1, -(-len(record.curve) // _POINTS))
    accuracies = {
        row.epoch: row.validation_accuracy
        for row in record.curve[::-1][::every]
        if row.validation_accuracy is not None
    }
    return FrozenTrial(
        number=-1,  # the storage counts for itself
        trial_id=-1,
        state=_STATES[record.state],
        value=record.accuracy if record.state == "complete" else None,
        values=None,
        datetime_start=_local_time(record.started),
        datetime_complete=_local_time(record.ended),
        params=dict(record.params),
        distributions={name: domains[name] for name in record.params},
        user_attrs={_RECORD: asdict(record)},
        system_attrs={},
        intermediate_values=accuracies,
    )


def _local_time(text: str | None) -> datetime:
    # Optuna's trials hold local times without a zone; its database turns them into UTC.
    moment = datetime.now(UTC) if text is None else datetime.fromisoformat(text)
    return moment.astimezone().replace(tzinfo=None)


def _record(trial: FrozenTrial) -> TrialRecord:
    values: dict[str, Any] = dict(trial.user_attrs[_RECORD])
    values["curve"] = tuple(EpochRecord(**row) for row in values["curve"])
    return TrialRecord(**values)
