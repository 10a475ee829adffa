"""Trials as a CSV file: a row a trial, by number."""

import csv
import io
from pathlib import Path

from reports.record import StudyRecord
from reports.trial_rows import COLUMNS, trial_row
from study.exporters.table_file import TableFile

FAILURES: tuple[type[Exception], ...] = ()


class CsvTable(TableFile):
    """Write a table of all trials whole; a value that a trial has not is empty."""

    def content(self, record: StudyRecord) -> bytes:
        """Return a row for each trial."""
        text = io.StringIO(newline="")
        rows = [trial_row(trial) for trial in record.trials]
        # The study's first trials may be of an edition that had fewer parameters.
        names = dict.fromkeys([*COLUMNS, *(name for row in rows for name in row)])
        writer = csv.DictWriter(text, list(names), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue().encode("utf-8", "surrogateescape")


def open_exporter(place: str, record: StudyRecord) -> CsvTable:  # noqa: ARG001 as the others
    """Return what writes this file."""
    return CsvTable(Path(place))
