"""Trials as a CSV file: a row a trial, by number."""

import csv
import io
from pathlib import Path

from reports.record import StudyRecord
from reports.trial_record import TrialRecord
from reports.trial_rows import COLUMNS, trial_row
from study.exporters.exporter import StudyFiles
from study.run_dir.outputs import write_output

FAILURES: tuple[type[Exception], ...] = ()


class CsvTable:
    """Write a table of all trials whole; a value that a trial has not is empty."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def place(self) -> str:
        """Return the file."""
        return str(self._path)

    def write_trial(self, trial: TrialRecord) -> None:
        """Write nothing: the table is written as a whole."""

    def write_study(self, record: StudyRecord, files: StudyFiles) -> None:  # noqa: ARG002 the protocol's
        """Write a row for each trial; raises FaultError where the file cannot be written."""
        text = io.StringIO(newline="")
        rows = [trial_row(trial) for trial in record.trials]
        # The study's first trials may be of an edition that had fewer parameters.
        names = dict.fromkeys([*COLUMNS, *(name for row in rows for name in row)])
        writer = csv.DictWriter(text, list(names), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        write_output(self._path, text.getvalue().encode("utf-8", "surrogateescape"))

    def close(self) -> None:
        """Do nothing: the file is closed."""


def open_exporter(place: str, record: StudyRecord) -> CsvTable:  # noqa: ARG001 as the others
    """Return what writes this file."""
    return CsvTable(Path(place))
