"""Offline run files of Weights & Biases, read back by the messages that its package defines."""

import json
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from wandb.proto.wandb_internal_pb2 import Record

from reports.record import StudyRecord
from study.exporters.destination import Destination, opened_exporter
from study.exporters.exporter import StudyFiles
from tests.study.exporters.conftest import running

pytestmark = pytest.mark.slow


def export(folder: Path, record: StudyRecord, files: StudyFiles) -> None:
    with opened_exporter(Destination("wandb", str(folder)), record, folder) as exporter:
        exporter.write_study(record, files)


def records(path: Path) -> Iterator[Record]:
    """Read a log of LevelDB's form: 7 bytes that name it, then blocks of chunks."""
    content, place, begun = path.read_bytes(), 7, b""
    while place + 7 <= len(content):
        if 32768 - place % 32768 < 7:
            place += 32768 - place % 32768
            continue
        _, length, kind = struct.unpack("<IHB", content[place : place + 7])
        begun += content[place + 7 : place + 7 + length]
        place += 7 + length
        if kind in (1, 4):  # a whole record, or the last chunk of one
            yield Record.FromString(begun)
            begun = b""


def runs_of(folder: Path) -> dict[str, list[Record]]:
    """Return what each run file holds, by the run's name; no two have the same."""
    found: dict[str, list[Record]] = {}
    for path in (folder / "wandb").glob("offline-run-*/run-*.wandb"):
        held = list(records(path))
        (name,) = {one.run.display_name for one in held if one.WhichOneof("record_type") == "run"}
        assert name not in found
        found[name] = held
    return found


def history(held: list[Record]) -> list[dict[str, float]]:
    rows = [
        {
            item.key or "/".join(item.nested_key): json.loads(item.value_json)
            for item in one.history.item
        }
        for one in held
        if one.WhichOneof("record_type") == "history"
    ]
    return [{k: v for k, v in row.items() if not k.startswith("_")} for row in rows]


def summary(held: list[Record]) -> dict[str, object]:
    return {
        item.key or "/".join(item.nested_key): json.loads(item.value_json)
        for one in held
        if one.WhichOneof("record_type") == "summary"
        for item in one.summary.update
    }


def config(held: list[Record]) -> dict[str, object]:
    first = next(one.run for one in held if one.WhichOneof("record_type") == "run")
    return {item.key: json.loads(item.value_json) for item in first.config.update}


def test_each_trial_is_a_run_of_the_studys_group(
    record: StudyRecord, files: StudyFiles, tmp_path: Path
) -> None:
    export(tmp_path, record, files)

    runs = runs_of(tmp_path)
    assert runs.keys() == {"exported", "baseline", "trial 1", "trial 2", "trial 3"}
    begun = {
        name: next(one.run for one in held if one.WhichOneof("record_type") == "run")
        for name, held in runs.items()
    }
    assert {run.run_group for run in begun.values()} == {"exported"}
    assert {name: run.job_type for name, run in begun.items()} == {
        "exported": "study",
        **dict.fromkeys(("baseline", "trial 1", "trial 2", "trial 3"), "trial"),
    }
    trial = runs["trial 1"]
    assert history(trial) == [
        {
            "epoch": n,
            "train_loss": 1 / n,
            "validation_loss": 0.5 / n,
            "validation_accuracy": pytest.approx(0.6 + 0.1 * n),
        }
        for n in (1, 2, 3)
    ]
    found = summary(trial)
    assert (found["accuracy"], found["state"]) == (0.8, "complete")
    assert config(trial)["width"] == 32
    assert summary(runs["trial 2"])["reason"] == "diverged in epoch 2"
    codes = {
        name: [one.exit.exit_code for one in held if one.WhichOneof("record_type") == "exit"]
        for name, held in runs.items()
    }
    assert codes == {
        "exported": [0],
        "baseline": [0],
        "trial 1": [0],
        "trial 2": [1],
        "trial 3": [0],
    }
    assert summary(runs["exported"])["best_validation_accuracy"] == 0.8


def test_a_study_that_is_written_twice_has_no_run_twice(
    record: StudyRecord, files: StudyFiles, tmp_path: Path
) -> None:
    small = replace(record, trials=record.trials[:2])
    trial = record.trials[1]
    with opened_exporter(Destination("wandb", str(tmp_path)), record, tmp_path) as exporter:
        exporter.write_trial(running(trial, 1))
        exporter.write_trial(running(trial, 2))
    export(tmp_path, small, files)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("run-*.wandb")}
    export(tmp_path, small, files)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("run-*.wandb")} == before
    runs = runs_of(tmp_path)
    assert runs.keys() == {"exported", "baseline", "trial 1"}
    assert [row["epoch"] for row in history(runs["trial 1"])] == [1, 2, 3]
