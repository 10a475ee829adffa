"""Trackers of a running study: what they are given, and that none of them can harm it."""

import json
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import study.exporters.live_export
from reports.record import StudyRecord
from search_spaces.faults import FaultError
from study.config import config_from_params
from study.coordinator.asked_trials import AskedTrial
from study.engine.results import EpochResult
from study.exporters.destination import Destination
from study.exporters.live_export import LiveExport, exported_live
from study.exporters.live_sender import LiveSender
from study.run_dir.paths import RunDirectory

# A tracker's process that keeps what it is given in a file.
KEEPS = """
import sys
with open(sys.argv[1], "wb") as file:
    for line in sys.stdin.buffer:
        file.write(line)
        file.flush()
"""
REFUSES = "print('the disk is full'); raise SystemExit(1)"
DIES = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
HANGS = "import time; time.sleep(600)"

Wait = Callable[..., None]


def program(text: str, *arguments: object) -> Sequence[str]:
    return (sys.executable, "-c", text, *map(str, arguments))


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    run = RunDirectory(tmp_path / "runs" / "live")
    run.create()
    return run


def sender(run: RunDirectory, text: str, *arguments: object) -> LiveSender:
    return LiveSender(run, None, Destination("mlflow"), program(text, *arguments))


def asked(record: StudyRecord) -> AskedTrial:
    trial = record.trials[1]
    config = config_from_params(trial.config)
    return AskedTrial(1, 1, "search", trial.params, config, trial.seed)


def live_with(
    run: RunDirectory, said: list[str], *senders: LiveSender, place: str | None = None
) -> LiveExport:
    live = LiveExport(run, None, [Destination("mlflow", place)], said.append)
    live._senders = list(senders)
    return live


@pytest.mark.slow
def test_a_tracker_is_given_the_study_each_trial_as_it_is_now_and_the_end(
    run: RunDirectory, record: StudyRecord, tmp_path: Path, wait_until: Wait
) -> None:
    kept, said = tmp_path / "kept.jsonl", list[str]()
    live = live_with(run, said, sender(run, KEEPS, kept))
    lines: list[bytes] = []

    def given() -> list[bytes]:
        lines[:] = kept.read_bytes().splitlines() if kept.exists() else []
        return lines

    trial = asked(record)
    live.epoch_ended(trial, EpochResult(1, 1.0, 0.5, 0.7, 0.25))
    wait_until(lambda: len(given()) == 2)
    live.epoch_ended(trial, EpochResult(2, 0.5, 0.25, 0.8, 0.25))
    live.recorded(record.trials[1])
    live.finish(60)
    live.close()

    task, first, second, end = given()
    assert json.loads(task) == {
        "root": str(run.root),
        "storage": None,
        "target": "mlflow",
        "place": None,
    }
    assert json.loads(first)["state"] == "running"
    assert [one["train_loss"] for one in json.loads(first)["curve"]] == [1.0]
    assert json.loads(second)["state"] == "complete"
    assert len(json.loads(second)["curve"]) == 3
    assert end == b"END"
    assert said == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "reason"),
    [(REFUSES, "the disk is full"), (DIES, "its process ended with exit code -9")],
)
def test_a_tracker_that_fails_is_one_warning_with_the_command_for_afterwards(
    run: RunDirectory, record: StudyRecord, wait_until: Wait, text: str, reason: str
) -> None:
    said: list[str] = []
    one = sender(run, text)
    live = live_with(run, said, one)
    wait_until(lambda: one.failure() is not None)
    live.recorded(record.trials[0])
    live.recorded(record.trials[1])
    live.finish(60)
    live.close()
    command = f"dense-study export live --to mlflow --runs-dir {run.root.parent}"
    without = "the study does not need it. To write it afterwards"
    assert said == [f"warning: --log-to mlflow: {reason}; {without}: {command}"]


@pytest.mark.slow
def test_a_tracker_that_hangs_holds_up_neither_the_search_nor_its_end(
    run: RunDirectory, record: StudyRecord
) -> None:
    said: list[str] = []
    one = LiveSender(run, None, Destination("mlflow", "http://me:secret@here"), program(HANGS))
    live = live_with(run, said, one)
    big = replace(record.trials[1], curve=record.trials[1].curve * 1000)
    for number in range(50):  # far more than a pipe takes
        live.recorded(replace(big, number=number))
    live.finish(0.1)
    live.close()
    assert [line.split("; the study")[0] for line in said] == [
        "warning: --log-to mlflow=http://me:***@here: not all was written in time"
    ]
    assert "secret" not in said[0]
    assert not [one for one in threading.enumerate() if one.name.startswith("dense-study-live")]


def test_a_package_that_is_missing_is_a_fault_before_anything_begins(
    run: RunDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with (
        pytest.raises(FaultError) as caught,
        exported_live(run, None, [Destination("wandb")], print),
    ):
        pytest.fail("it began")
    assert str(caught.value) == (
        "--log-to wandb: wandb is not installed; allowed: pip install 'dense-study[wandb]'"
    )


def test_without_trackers_no_process_is_started(
    run: RunDirectory, record: StudyRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study.exporters.live_export, "LiveSender", None)
    with exported_live(run, None, (), print) as live:
        live.began((), 3, 1, "accuracy")
        live.recorded(record.trials[0])
