"""Studies for TensorBoard: scalars by epoch, and trials with their params under HParams.

A folder of event files: `trial-0012/` for each trial, and one for the study beside them.
"""

import time
from datetime import datetime
from pathlib import Path

from google.protobuf.message import DecodeError
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.hparams import api_pb2

from reports.record import StudyRecord
from reports.trial_record import State, TrialRecord
from reports.trials import has_ended
from study.exporters import tensorboard_summaries as summaries
from study.exporters.event_file import EventFile
from study.exporters.exporter import StudyFiles
from study.run_dir.outputs import check_output

FAILURES: tuple[type[Exception], ...] = (OSError, DecodeError)

# Scalars of an epoch by the field of its record, and of a trial at its end.
EPOCH_TAGS = {
    "train_loss": "loss/train",
    "validation_loss": "loss/validation",
    "validation_accuracy": "accuracy/validation",
}
_STATUS = {
    "complete": api_pb2.STATUS_SUCCESS,
    "failed": api_pb2.STATUS_FAILURE,
    "pruned": api_pb2.STATUS_UNKNOWN,
}


class TensorBoardEvents:
    """Write what event files lack; each trial's is closed once the trial has ended."""

    def __init__(self, folder: Path, record: StudyRecord) -> None:
        self._folder = folder
        self._space, self._measure = record.space.parameters, record.measure
        self._live: dict[int, EventFile] = {}
        self._created = _seconds(record.created)
        self._file = EventFile(folder / _file_name(self._created, "study"), self._created)
        if len(self._file.events) == 1:
            self._add(self._file, self._created, summaries.experiment(record))

    @property
    def place(self) -> str:
        """Return the folder that `tensorboard --logdir` is given."""
        return str(self._folder)

    def write_trial(self, trial: TrialRecord) -> None:
        """Write the epochs that are not there yet, and the end of a trial that has ended."""
        if not trial.curve and not has_ended(trial):
            return
        file = self._live.pop(trial.number, None) or self._opened(trial)
        steps = {event.step for event in file.events if event.step}
        for moment, epoch in zip(_moments(trial), trial.curve, strict=True):
            if epoch.epoch not in steps:
                values = {tag: getattr(epoch, name) for name, tag in EPOCH_TAGS.items()}
                if self._measure != "accuracy":
                    values[f"{self._measure}/validation"] = epoch.value
                self._add(file, moment, summaries.scalars(values), epoch.epoch)
        if not has_ended(trial):
            self._live[trial.number] = file
            return
        if not summaries.is_ended(file.events):
            self._end(file, trial)
        file.close()

    def write_study(self, record: StudyRecord, files: StudyFiles) -> None:  # noqa: ARG002 the protocol's
        """Write every trial, and the answer as a text."""
        for trial in record.trials:
            self.write_trial(trial)
        answer = summaries.answer(record)
        if summaries.last_answer(self._file.events) != answer:
            self._add(self._file, time.time(), answer)

    def close(self) -> None:
        """Close the files that are open."""
        for file in (self._file, *self._live.values()):
            file.close()

    def _opened(self, trial: TrialRecord) -> EventFile:
        begun = _began(trial)
        # One name for good: another file of the same trial would double its scalars.
        folder = self._folder / f"trial-{trial.number:04d}"
        file = EventFile(folder / _file_name(self._created, "trial"), begun)
        if len(file.events) == 1:
            self._add(file, begun, summaries.session_start(trial, begun, self._space))
        return file

    def _end(self, file: EventFile, trial: TrialRecord) -> None:
        ended = _seconds(trial.ended) if trial.ended else time.time()
        values = {summaries.FINAL_ACCURACY: trial.accuracy, summaries.FINAL_LOSS: trial.loss}
        if self._measure != "accuracy":
            values[summaries.final_tag(self._measure)] = trial.value
        self._add(file, ended, summaries.scalars(values), len(trial.curve))
        self._add(file, ended, summaries.session_end(_status(trial.state), ended))

    @staticmethod
    def _add(file: EventFile, moment: float, summary: Summary, step: int = 0) -> None:
        if summary.value:
            file.append(Event(wall_time=moment, step=step, summary=summary))


def open_exporter(place: str, record: StudyRecord) -> TensorBoardEvents:
    """Return what writes into this folder; raises FaultError for a place of a study's own."""
    check_output(Path(place))
    return TensorBoardEvents(Path(place), record)


def _status(state: State) -> int:
    return int(_STATUS[state])


def _file_name(created: float, what: str) -> str:
    return f"events.out.tfevents.{int(created):010d}.dense-study.{what}"


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def _began(trial: TrialRecord) -> float:
    return _seconds(trial.started) if trial.started else time.time()


def _moments(trial: TrialRecord) -> list[float]:
    """Return when each epoch ended, as near as its seconds say; of a running trial: now."""
    if trial.started is None:
        return [time.time()] * len(trial.curve)
    moment, moments = _seconds(trial.started), []
    for epoch in trial.curve:
        moment += epoch.seconds
        moments.append(moment)
    return moments
