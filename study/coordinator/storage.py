"""Told trials in durable Optuna storage: one transaction each, read by everything that looks."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from types import MappingProxyType
from typing import Any

import optuna
from optuna.distributions import BaseDistribution
from optuna.storages import BaseStorage, RDBStorage
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

from reports.trial_record import EpochRecord, State, TrialRecord
from search_spaces.faults import fault
from search_spaces.optuna_domains import distribution
from search_spaces.space import Space
from study.clock import utc_now
from study.database.connect import OwnedStorage, reading_storage
from study.database.errors import one_message
from study.database.reconnect import RECONNECT, retry
from study.database.tables import lock_study
from study.database.url import checked_url
from study.run_dir.urls import is_postgres, redact_url, sqlite_path

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
    """Hold one study of an Optuna storage; all that is written there goes through `tell`.

    `owned` is the storage below where this process holds the study's lock: then lost connections
    are told apart from other errors, and waited for.
    """

    def __init__(
        self,
        storage: BaseStorage,
        study_id: int,
        where: str,
        owned: OwnedStorage | None = None,
    ) -> None:
        self._storage = storage
        self._study_id = study_id
        self._where = where
        self._owned = owned

    def tell(self, record: TrialRecord, space: Space) -> None:
        """Write a trial that ended, whole or not at all, and once; raises FaultError."""
        trial = _frozen(record, space)
        with one_message(self._where):
            retry(
                lambda: self._write(trial),
                lambda: None if self._is_told(record.number) else self._write(trial),
                self._owned.reconnect if self._owned else RECONNECT,
            )

    def _write(self, trial: FrozenTrial) -> None:
        self._storage.create_new_trial(self._study_id, template_trial=trial)

    def _is_told(self, number: int) -> bool:
        # A commit whose answer was lost may still be under way; it holds the study's row till then.
        if self._owned is not None:
            with self._owned.storage.engine.begin() as connection:
                lock_study(connection, self._study_id)
        return any(record.number == number for record in self.records())

    def records(self) -> tuple[TrialRecord, ...]:
        """Return every told trial by number; raises FaultError."""
        with one_message(self._where):
            trials = self._storage.get_all_trials(self._study_id, deepcopy=False)
        records = (_record(trial) for trial in trials if _RECORD in trial.user_attrs)
        return tuple(sorted(records, key=lambda record: record.number))

    def close(self) -> None:
        """Give back the connections."""
        self._storage.remove_session()


def open_storage(
    url: str, name: str, create: bool, owned: OwnedStorage | None = None
) -> TrialStorage:
    """Open a study in a storage; without `create` a missing one is a fault. Raises FaultError.

    `owned` is the storage of this URL where this process holds the study's lock.
    """
    where = redact_url(url)
    if not create and not _is_there(url):
        raise fault(where, "no such database")
    with one_message(where):
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        storage = optuna.storages.get_storage(
            owned.storage if owned else _backend(checked_url(url))
        )
        found = {study.study_name: study._study_id for study in storage.get_all_studies()}  # noqa: SLF001 the one id there is
        if name not in found and not create:
            raise fault(where, "holds no such study", name, ", ".join(found) or "none yet")
        if name not in found:
            found[name] = storage.create_new_study([StudyDirection.MAXIMIZE], name)
    return TrialStorage(storage, found[name], where, owned)


def _backend(url: str) -> RDBStorage | str:
    return reading_storage(url) if is_postgres(url) else url


def _is_there(url: str) -> bool:
    # Optuna makes an empty database where there is none, even to read from.
    path = sqlite_path(url)
    return path is None or path.is_file()


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
    moment = utc_now() if text is None else datetime.fromisoformat(text)
    return moment.astimezone().replace(tzinfo=None)


def _record(trial: FrozenTrial) -> TrialRecord:
    values: dict[str, Any] = dict(trial.user_attrs[_RECORD])
    values["curve"] = tuple(EpochRecord(**row) for row in values["curve"])
    return TrialRecord(**values)
