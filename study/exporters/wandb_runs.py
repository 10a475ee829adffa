"""Studies for Weights & Biases: offline run files, which `wandb sync` uploads when it is asked to.

A run for each trial and one for the study, in one group. Nothing goes out to a network.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import wandb

from reports.record import StudyRecord
from reports.trial_record import TrialRecord
from reports.trials import has_ended, trial_name
from study.exporters.exporter import StudyFiles, study_key
from study.exporters.study_values import (
    epoch_measure,
    study_numbers,
    study_settings,
    study_summary,
    study_texts,
    trial_measure,
)
from study.run_dir.outputs import check_output

FAILURES: tuple[type[Exception], ...] = (wandb.Error, OSError)

PROJECT = "dense-study"
# Which runs are whole: a line for each, its id and what of it is written.
_WHOLE = "dense-study-runs.txt"
_EPOCH = ("train_loss", "validation_loss", "validation_accuracy")
_END = ("accuracy", "loss", "seconds", "parameter_count", "state", "reason", "weights_hash")


class WandbRuns:
    """Write the runs that are not whole; one that is open belongs to a trial that is running."""

    def __init__(self, folder: Path, record: StudyRecord) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._name, self._key = record.name, study_key(record)
        self._measure = record.measure
        self._list = folder / _WHOLE
        lines = self._list.read_text("utf-8").splitlines() if self._list.exists() else []
        self._whole = dict(line.split(" ", 1) for line in lines if " " in line)
        self._open: dict[int, Any] = {}
        self._epochs: dict[int, int] = {}

    @property
    def place(self) -> str:
        """Return the folder whose `wandb/offline-run-*` can be synced."""
        return str(self._folder)

    def write_trial(self, trial: TrialRecord) -> None:
        """Write the epochs that are not there yet, and the end of a trial that has ended."""
        name = f"{self._key}-{trial.number}"
        if name in self._whole or not (trial.curve or has_ended(trial)):
            return
        run = self._open.get(trial.number) or self._begun_trial(name, trial)
        for epoch in trial.curve[self._epochs[trial.number] :]:
            values = {key: getattr(epoch, key) for key in _EPOCH}
            values |= epoch_measure(self._measure, epoch)
            run.log({**_there(values), "epoch": epoch.epoch}, step=epoch.epoch)
        self._epochs[trial.number] = max(self._epochs[trial.number], len(trial.curve))
        if has_ended(trial):
            end = {key: getattr(trial, key) for key in _END}
            run.summary.update(_there(end | trial_measure(self._measure, trial)))
            del self._open[trial.number]
            self._finish(run, name, trial.state, trial.state == "failed")

    def write_study(self, record: StudyRecord, files: StudyFiles) -> None:  # noqa: ARG002 the protocol's
        """Write every trial, and a run with what came out."""
        for trial in record.trials:
            self.write_trial(trial)
        found = {**study_numbers(record), **study_texts(record)}
        mark = hashlib.sha256(json.dumps(found).encode()).hexdigest()[:16]
        name = f"{self._key}-study"
        if self._whole.get(name) != mark:
            about = {"job_type": "study", "notes": study_summary(record)}
            run = self._begun(name, self._name, study_settings(record), about)
            run.summary.update(found)
            self._finish(run, name, mark, has_failed=False)

    def close(self) -> None:
        """End the runs of trials that have not ended; they are written anew another time."""
        for run in self._open.values():
            run.finish(exit_code=1)
        self._open.clear()
        wandb.teardown()

    def _begun_trial(self, name: str, trial: TrialRecord) -> Any:
        about = {"job_type": "trial", "tags": [trial.origin]}
        config = {**trial.config, "seed": trial.seed, "split": trial.split, "n": trial.n}
        run = self._begun(name, trial_name(trial), config, about)
        self._open[trial.number] = run
        self._epochs[trial.number] = 0
        return run

    def _begun(
        self, name: str, title: str, config: Mapping[str, Any], about: Mapping[str, Any]
    ) -> Any:
        for old in (self._folder / "wandb").glob(f"offline-run-*-{name}"):
            shutil.rmtree(old)
        settings = wandb.Settings(
            mode="offline",
            console="off",
            silent=True,
            disable_git=True,
            disable_code=True,
            save_code=False,
            x_disable_stats=True,
            x_disable_meta=True,
        )
        return wandb.init(
            project=PROJECT,
            group=self._name,
            id=name,
            name=title,
            config=dict(config),
            dir=str(self._folder),
            settings=settings,
            reinit="create_new",
            **about,
        )

    def _finish(self, run: Any, name: str, mark: str, has_failed: bool) -> None:
        run.finish(exit_code=int(has_failed))
        with self._list.open("a", encoding="utf-8") as lines:
            lines.write(f"{name} {mark}\n")
        self._whole[name] = mark


def open_exporter(place: str, record: StudyRecord) -> WandbRuns:
    """Return what writes into this folder; raises FaultError for a place of a study's own."""
    check_output(Path(place))
    return WandbRuns(Path(place), record)


def _there(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
