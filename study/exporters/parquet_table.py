"""Trials as a Parquet file: a row a trial, by number, in typed columns."""

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from reports.record import StudyRecord
from reports.trial_record import TrialRecord
from reports.trial_rows import COLUMNS, trial_row
from study.exporters.exporter import StudyFiles
from study.run_dir.outputs import write_output

FAILURES: tuple[type[Exception], ...] = (pa.ArrowException,)

_TYPES = {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), str: pa.string()}


class ParquetTable:
    """Write a table of all trials whole; a value that a trial has not is null."""

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
        types = dict(COLUMNS)
        for trial in record.trials:
            types |= {name: type(value) for name, value in trial.config.items()}
        schema = pa.schema([(name, _TYPES[kind]) for name, kind in types.items()])
        rows = [trial_row(trial) for trial in record.trials]
        content = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(rows, schema), content)
        write_output(self._path, content.getvalue())

    def close(self) -> None:
        """Do nothing: the file is closed."""


def open_exporter(place: str, record: StudyRecord) -> ParquetTable:  # noqa: ARG001 as the others
    """Return what writes this file."""
    return ParquetTable(Path(place))
