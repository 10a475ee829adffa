"""Trials as CSV and Parquet, read back."""

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from reports.record import StudyRecord
from reports.trial_rows import COLUMNS, trial_row
from search_spaces.faults import FaultError
from study.exporters.destination import Destination, Target, opened_exporter
from study.exporters.exporter import StudyFiles


def written(target: Target, path: Path, record: StudyRecord, files: StudyFiles) -> Path:
    with opened_exporter(Destination(target, str(path)), record, path.parent) as exporter:
        exporter.write_study(record, files)
        assert exporter.place == str(path)
    return path


def test_a_csv_file_has_a_row_for_each_trial_and_says_nothing_where_there_is_nothing(
    record: StudyRecord, files: StudyFiles, tmp_path: Path
) -> None:
    with written("csv", tmp_path / "t.csv", record, files).open(newline="") as file:
        rows = list(csv.DictReader(file))

    assert [row["number"] for row in rows] == ["0", "1", "2", "3"]
    assert [row["state"] for row in rows] == ["complete", "complete", "failed", "pruned"]
    assert [row["accuracy"] for row in rows] == ["0.5", "0.8", "", ""]
    assert [row["epochs_trained"] for row in rows] == ["1", "3", "1", "2"]
    assert [row["width"] for row in rows] == ["16", "32", "24", "24"]
    assert rows[2]["reason"] == "diverged in epoch 2"
    assert list(rows[0])[: len(COLUMNS)] == list(COLUMNS)


def test_a_parquet_file_has_the_same_rows_with_types(
    record: StudyRecord, files: StudyFiles, tmp_path: Path
) -> None:
    table = pq.read_table(written("parquet", tmp_path / "t.parquet", record, files))

    assert table.to_pylist() == [trial_row(trial) for trial in record.trials]
    types = {name: str(table.schema.field(name).type) for name in ("n", "accuracy", "retry_of")}
    assert types == {"n": "int64", "accuracy": "double", "retry_of": "int64"}
    assert str(table.schema.field("nesterov").type) == "bool"


def test_a_table_that_cannot_be_written_is_one_message(
    record: StudyRecord, files: StudyFiles, tmp_path: Path
) -> None:
    with pytest.raises(FaultError) as caught:
        written("csv", tmp_path, record, files)
    assert str(caught.value) == f"{tmp_path}: cannot be written: Is a directory"
