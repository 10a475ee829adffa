"""A file that holds a table of all trials, written whole."""

from abc import ABC, abstractmethod
from pathlib import Path

from reports.record import StudyRecord
from reports.trial_record import TrialRecord
from study.exporters.exporter import StudyFiles
from study.run_dir.outputs import write_output


class TableFile(ABC):
    """Write a table of all trials as one file; a form says how its bytes are made."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def place(self) -> str:
        """Return the file."""
        return str(self._path)

    def write_trial(self, trial: TrialRecord) -> None:  # noqa: B027 the protocol's
        """Write nothing: the table is written as a whole."""

    def write_study(self, record: StudyRecord, files: StudyFiles) -> None:  # noqa: ARG002 the protocol's
        """Write a row for each trial; raises FaultError where the file cannot be written."""
        write_output(self._path, self.content(record))

    @abstractmethod
    def content(self, record: StudyRecord) -> bytes:
        """Return the file's bytes: a row for each trial."""

    def close(self) -> None:  # noqa: B027 nothing is left to close
        """Do nothing: the file is closed."""
