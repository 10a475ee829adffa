"""Trials as a Parquet file: a row a trial, by number, in typed columns."""

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from reports.record import StudyRecord
from reports.trial_rows import COLUMNS, trial_row
from study.exporters.table_file import TableFile

FAILURES: tuple[type[Exception], ...] = (pa.ArrowException,)

_TYPES = {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), str: pa.string()}


class ParquetTable(TableFile):
    """Write a table of all trials whole; a value that a trial has not is null."""

    def content(self, record: StudyRecord) -> bytes:
        """Return a row for each trial."""
        types = dict(COLUMNS)
        rows = [trial_row(trial) for trial in record.trials]
        for row in rows:
            types |= {name: type(value) for name, value in row.items() if name not in COLUMNS}
        schema = pa.schema([(name, _TYPES[kind]) for name, kind in types.items()])
        content = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(rows, schema), content)
        return content.getvalue()


def open_exporter(place: str, record: StudyRecord) -> ParquetTable:  # noqa: ARG001 as the others
    """Return what writes this file."""
    return ParquetTable(Path(place))
