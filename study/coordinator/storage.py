"""A study in an Optuna storage: its trials, for dashboards and for who opens it with Optuna."""

import logging
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import optuna
from optuna.exceptions import ExperimentalWarning, UpdateFinishedTrialError
from optuna.storages import RDBStorage
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial

from search_spaces.faults import fault, perhaps_meant
from search_spaces.measures import MEASURES, MeasureName
from study.database.connect import OwnedStorage, file_storage, reading_storage
from study.database.errors import one_message
from study.database.reconnect import RECONNECT, Reconnect, retry
from study.database.trial_rows import rewrite_trials, set_direction, set_times
from study.database.url import checked_url
from study.run_dir.urls import is_postgres, redact_url, sqlite_path

# SQL's whole numbers are below it.
_MOST = 2**31
T = TypeVar("T")


def metric_name(measure: MeasureName) -> str:
    """Return what the objective value and the intermediate values of trials are called."""
    return f"validation {MEASURES[measure].title}"


class TrialStorage:
    """Hold one study of an Optuna storage; every method raises FaultError where that fails.

    `reconnect` says how long a lost connection, or a file that another program holds, is waited
    for. `next_number` is the number that Optuna gives to the next trial, as far as was seen.
    """

    def __init__(
        self,
        backend: RDBStorage,
        name: str,
        where: str,
        reconnect: Reconnect = RECONNECT,
        measure: MeasureName = "accuracy",
    ) -> None:
        self._backend, self._name, self._where = backend, name, where
        self._measure = measure
        self._reconnect = reconnect
        self._storage = optuna.storages.get_storage(backend)
        self._study_id = self._storage.get_study_id_from_name(name)
        self.next_number = 0

    def trials(self) -> list[FrozenTrial]:
        """Return every trial by number, whoever made it."""
        return self._tried(self._trials)

    def create(self, trial: FrozenTrial) -> int:
        """Add a trial, in one transaction and once, and return its id.

        What is added ended already, or is RUNNING.
        """
        trial_id = self._tried(lambda: self._create(trial), lambda: self._create_again(trial))
        number = self._tried(lambda: self._storage.get_trial_number_from_id(trial_id))
        self.next_number = max(self.next_number, number + 1)
        return trial_id

    def end(self, trial_id: int, trial: FrozenTrial) -> None:
        """Write how a RUNNING trial ended; one that others have ended is left as it is."""
        self._tried(lambda: self._end(trial_id, trial))

    def rewrite(self, numbers: Mapping[int, int], trials: Sequence[FrozenTrial]) -> None:
        """Give trials other numbers by id, and write these anew, all in one transaction.

        It is not tried again where a connection is lost, since it may have been done.
        """
        with one_message(self._where):
            retry(
                lambda: rewrite_trials(self._backend.engine, self._study_id, numbers, trials),
                reconnect=self._reconnect,
                where=self._where,
                while_locked_alone=True,
            )
        self._storage = optuna.storages.get_storage(self._backend)  # the other one has a cache

    def name_metric(self) -> None:
        """Write once what the trials' values are."""
        self._tried(self._name_metric)

    def close(self) -> None:
        """Give back the connections."""
        self._storage.remove_session()

    def _tried(self, first: Callable[[], T], again: Callable[[], T] | None = None) -> T:
        with one_message(self._where):
            return retry(first, again, self._reconnect, where=self._where)

    def _name_metric(self) -> None:
        study = optuna.load_study(study_name=self._name, storage=self._storage)
        if study.metric_names is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ExperimentalWarning)
                study.set_metric_names([metric_name(self._measure)])

    def _trials(self) -> list[FrozenTrial]:
        trials = self._storage.get_all_trials(self._study_id, deepcopy=False)
        for trial in trials:
            if not isinstance(trial.number, int) or not 0 <= trial.number < _MOST:
                raise fault(self._where, "a trial's number is damaged", repr(trial.number)[:80])
        self.next_number = max((trial.number + 1 for trial in trials), default=0)
        return trials

    def _create(self, trial: FrozenTrial) -> int:
        return self._storage.create_new_trial(self._study_id, template_trial=trial)

    def _create_again(self, trial: FrozenTrial) -> int:
        # A commit whose answer was lost may have been done. It is not under way any more: the lock
        # that the new connection holds is free only when the old one's transaction is at its end.
        for one in self._storage.get_all_trials(self._study_id, deepcopy=False):
            if one.number >= self.next_number and one.user_attrs == trial.user_attrs:
                return one._trial_id  # noqa: SLF001 the one id there is
        return self._create(trial)

    def _end(self, trial_id: int, trial: FrozenTrial) -> None:
        try:
            for step, value in trial.intermediate_values.items():
                self._storage.set_trial_intermediate_value(trial_id, step, value)
            for name, value in trial.user_attrs.items():
                self._storage.set_trial_user_attr(trial_id, name, value)
            values = None if trial.value is None else [trial.value]
            self._storage.set_trial_state_values(trial_id, trial.state, values)
        except UpdateFinishedTrialError:
            return  # an earlier try did, whose answer was lost, or somebody who uses Optuna
        # It is RUNNING since it was added, which may have been long before it ran, and may be shown
        # long after it ended.
        set_times(self._backend.engine, trial_id, trial)


def open_storage(
    url: str,
    name: str,
    create: bool,
    owned: OwnedStorage | None = None,
    reconnect: Reconnect = RECONNECT,
    measure: MeasureName = "accuracy",
) -> TrialStorage:
    """Open a study in a storage; without `create` a missing one is a fault. Raises FaultError.

    With it, the direction in the storage is that of the `measure`, which a study with trials of
    another direction refuses.

    `owned` is the storage of this URL where this process holds the study's lock: it knows how long
    to wait. Else `reconnect` says so, also about the opening of a file that another program holds.
    """
    where = redact_url(url)
    if not create and not _is_there(url):
        raise fault(where, "no such database")
    with one_message(where):
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        # It warns of what it then raises, in many lines.
        logging.getLogger("optuna.storages").setLevel(logging.ERROR)
        if owned:
            return _opened(owned.storage, name, create, where, owned.reconnect, measure)
        return retry(
            lambda: _opened(_backend(checked_url(url)), name, create, where, reconnect, measure),
            reconnect=reconnect,
            where=where,
        )


def _opened(
    backend: RDBStorage,
    name: str,
    create: bool,
    where: str,
    reconnect: Reconnect,
    measure: MeasureName,
) -> TrialStorage:
    found = [study.study_name for study in backend.get_all_studies()]
    if name not in found and not create:
        what = f"holds no such study{perhaps_meant(name, found)}"
        raise fault(where, what, name, ", ".join(found) or "none yet")
    if name not in found:
        backend.create_new_study([_direction(measure)], name)
    elif create:
        _turn(backend, name, where, _direction(measure))
    return TrialStorage(backend, name, where, reconnect, measure)


def _direction(measure: MeasureName) -> StudyDirection:
    return StudyDirection[MEASURES[measure].direction.upper()]


def _turn(backend: RDBStorage, name: str, where: str, direction: StudyDirection) -> None:
    """Give a study that was made before its measure was known the measure's direction."""
    study_id = backend.get_study_id_from_name(name)
    there = backend.get_study_directions(study_id)
    if there == [direction]:
        return
    if backend.get_all_trials(study_id, deepcopy=False):
        what = f"the storage holds a study {name!r} of other trials, in another direction"
        got = ", ".join(one.name.lower() for one in there)
        raise fault(where, what, got, f"{direction.name.lower()}, or another --name")
    set_direction(backend.engine, study_id, direction)


def _backend(url: str) -> RDBStorage:
    return reading_storage(url) if is_postgres(url) else file_storage(url)


def _is_there(url: str) -> bool:
    # Optuna makes an empty database where there is none, even to read from.
    path = sqlite_path(url)
    return path is None or path.is_file()
