"""Studies for MLflow: a run for each trial, below one run for the study.

A study is an experiment of its name. Its run has the verdict, the report page, the bundle and the
bundle's network as a model; runs are known again by tags.
"""

from collections.abc import Mapping
from datetime import datetime

from mlflow.entities import Metric, Param, Run, RunTag
from mlflow.exceptions import MlflowException
from sqlalchemy.exc import SQLAlchemyError

from reports.record import StudyRecord
from reports.trial_record import TrialRecord
from reports.trials import has_ended, trial_name
from study.exporters.exporter import StudyFiles, study_key
from study.exporters.mlflow_bundle import log_files
from study.exporters.mlflow_place import MlflowPlace
from study.exporters.study_values import (
    epoch_measure,
    study_numbers,
    study_settings,
    study_summary,
    study_texts,
    trial_measure,
)
from study.machine import utc_text

FAILURES: tuple[type[Exception], ...] = (MlflowException, SQLAlchemyError, OSError)

# Tags by which runs are known again, those of a trial with its state.
_KEY, _TRIAL, _STATE = "dense_study.study", "dense_study.trial", "dense_study.state"
_PARENT, _NOTE = "mlflow.parentRunId", "mlflow.note.content"
_STATUS = {"complete": "FINISHED", "pruned": "KILLED", "failed": "FAILED", "interrupted": "KILLED"}
_EPOCH = ("train_loss", "validation_loss", "validation_accuracy")
_END = ("accuracy", "loss", "seconds", "parameter_count")
# What MLflow takes: characters of a value, runs of a page, metrics of a call.
_LONGEST, _PAGE, _BATCH = 5000, 1000, 1000


class MlflowRuns:
    """Write what runs lack; `_runs` and `_states` are those that are there, by trial."""

    def __init__(self, place: MlflowPlace, record: StudyRecord) -> None:
        self._place, self._client = place, place.client
        self._name, self._key = record.name, study_key(record)
        self._measure = record.measure
        self._experiment = place.experiment(record.name)
        found = self._known_runs()
        trials = {int(run.data.tags[_TRIAL]): run for run in found if _TRIAL in run.data.tags}
        self._runs = {number: str(run.info.run_id) for number, run in trials.items()}
        self._states = {number: run.data.tags.get(_STATE, "") for number, run in trials.items()}
        self._epochs: dict[int, int] = {}
        parents = [str(run.info.run_id) for run in found if _TRIAL not in run.data.tags]
        self._parent = parents[0] if parents else self._begun_study(record)

    @property
    def place(self) -> str:
        """Return the address, without a password, and the experiment."""
        return f"{self._place.shown}, experiment {self._name}"

    def write_trial(self, trial: TrialRecord) -> None:
        """Write the epochs that are not there yet, and the end of a trial that has ended."""
        state = self._states.get(trial.number)
        if state == trial.state and has_ended(trial):
            return
        if state is None:
            if not trial.curve and not has_ended(trial):
                return
            self._begin(trial)
        self._write_epochs(trial)
        if state != trial.state:
            self._write_state(trial)

    def write_study(self, record: StudyRecord, files: StudyFiles) -> None:
        """Write every trial, then what came out, the report page and the bundle."""
        for trial in record.trials:
            self.write_trial(trial)
        now = _milliseconds(utc_text())
        metrics = [Metric(name, value, now, 0) for name, value in study_numbers(record).items()]
        texts = {**study_texts(record), _NOTE: study_summary(record)}
        self._client.log_batch(self._parent, metrics, tags=_tags(texts))
        log_files(self._client, self._experiment, self._parent, files)
        if all(has_ended(trial) for trial in record.trials):
            self._client.set_terminated(self._parent, "FINISHED", now)

    def close(self) -> None:
        """Do nothing: every call was answered."""

    def _known_runs(self) -> list[Run]:
        runs: list[Run] = []
        token = None
        while True:
            page = self._client.search_runs(
                [self._experiment],
                f"tags.`{_KEY}` = '{self._key}'",
                max_results=_PAGE,
                order_by=["attributes.start_time ASC"],
                page_token=token,
            )
            runs += page
            token = page.token
            if not token:
                return runs

    def _begun_study(self, record: StudyRecord) -> str:
        created = _milliseconds(record.created)
        tags = {_KEY: self._key, _NOTE: study_summary(record)[:_LONGEST]}
        run = self._client.create_run(self._experiment, created, tags, run_name=record.name)
        self._client.log_batch(run.info.run_id, params=_params(study_settings(record)))
        return str(run.info.run_id)

    def _begin(self, trial: TrialRecord) -> None:
        tags = {_KEY: self._key, _TRIAL: str(trial.number), _PARENT: self._parent}
        about = {
            "origin": trial.origin,
            "seed": str(trial.seed),
            "split": trial.split,
            "n": str(trial.n),
            "searched": ", ".join(trial.params),
        }
        begun = _milliseconds(trial.started or utc_text())
        name = trial_name(trial)
        run = self._client.create_run(self._experiment, begun, tags | about, run_name=name)
        self._runs[trial.number] = str(run.info.run_id)
        self._epochs[trial.number] = 0
        self._client.log_batch(run.info.run_id, params=_params(trial.config))

    def _write_epochs(self, trial: TrialRecord) -> None:
        run = self._runs[trial.number]
        if trial.number not in self._epochs:
            history = self._client.get_metric_history(run, _EPOCH[0])
            self._epochs[trial.number] = max((one.step for one in history), default=0)
        moment = _milliseconds(trial.started or utc_text())
        metrics = []
        for epoch in trial.curve:
            moment += round(1000 * epoch.seconds) if trial.started else 0
            if epoch.epoch > self._epochs[trial.number]:
                values = {name: getattr(epoch, name) for name in _EPOCH}
                values |= epoch_measure(self._measure, epoch)
                metrics += _metrics(values, moment, epoch.epoch)
        for first in range(0, len(metrics), _BATCH):
            self._client.log_batch(run, metrics[first : first + _BATCH])
        self._epochs[trial.number] = max(self._epochs[trial.number], len(trial.curve))

    def _write_state(self, trial: TrialRecord) -> None:
        run, now = self._runs[trial.number], _milliseconds(trial.ended or utc_text())
        values = {name: getattr(trial, name) for name in _END}
        values |= trial_measure(self._measure, trial)
        texts = {_STATE: trial.state, "reason": trial.reason, "weights_hash": trial.weights_hash}
        texts |= {name: "yes" for name in ("lost", "unpruned") if getattr(trial, name)}
        # The state last: a run that has it is whole.
        self._client.log_batch(run, _metrics(values, now, len(trial.curve)))
        status = _STATUS.get(trial.state)
        if status is None:
            self._client.update_run(run, "RUNNING")
        else:
            self._client.set_terminated(run, status, now)
        self._client.log_batch(run, tags=_tags(texts))
        self._states[trial.number] = trial.state


def open_exporter(place: str | None, record: StudyRecord) -> MlflowRuns:
    """Return what writes to a tracking store; None: where MLFLOW_TRACKING_URI says."""
    return MlflowRuns(MlflowPlace(place), record)


def _metrics(values: Mapping[str, float | None], moment: int, step: int) -> list[Metric]:
    there = {name: value for name, value in values.items() if value is not None}
    return [Metric(name, float(value), moment, step) for name, value in there.items()]


def _params(values: Mapping[str, object]) -> list[Param]:
    return [Param(name, str(value)[:_LONGEST]) for name, value in values.items()]


def _tags(values: Mapping[str, str | None]) -> list[RunTag]:
    return [RunTag(name, value[:_LONGEST]) for name, value in values.items() if value]


def _milliseconds(moment: str) -> int:
    return round(1000 * datetime.fromisoformat(moment).timestamp())
