"""A study is struck forty times in all of its stages, and is the study that was never struck."""

import json
import os
import random
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reports.json_values import to_json
from reports.record import Confirmation, StudyRecord
from reports.trials import has_ended
from study.bundle.read import read_bundle
from study.coordinator.storage import open_storage
from study.record.snapshot import collect_snapshot
from study.run_dir.ledger import open_ledger
from study.run_dir.paths import RunDirectory

HERE = Path(__file__).parent
ROOT = Path(__file__).parents[3]
TRIALS = 40
SPACE = """
name = "means"
[parameters.width]
type = "int"
low = 5
high = 400
[fixed]
depth = 1
epochs = 2
[baseline]
width = 8
depth = 1
epochs = 2
"""
# For each stage: the files by which it is known, how many strikes it gets, after how many moments
# at these files at most, and how many of the strikes hit a child, which child.
STAGES: tuple[tuple[tuple[str, ...], int, int, int, str], ...] = (
    (("/",), 4, 30, 0, ""),
    (("asked.jsonl", "trials.jsonl"), 14, 6, 2, "worker"),
    (("retrainings.jsonl",), 6, 6, 2, "worker"),
    (("weights/",), 5, 4, 1, "worker"),
    (("ledger.jsonl",), 3, 4, 1, "network"),
    (("test_predictions.npz", "summaries.json"), 2, 3, 0, ""),
    (("confirmation.json",), 2, 2, 0, ""),
    (("report.html",), 2, 3, 0, ""),
    (("/best", ".best"), 2, 8, 1, "network"),
)
# Kill, stop, hang-up, interrupt.
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def planned_strikes(chance: random.Random) -> list[dict[str, Any]]:
    """Choose moments by what has been done, and not by how fast the machine is."""
    strikes = []
    for files, count, latest, at_children, role in STAGES:
        children = set(chance.sample(range(count), at_children))
        for number in range(count):
            kill = number in children
            strikes.append(
                {
                    "on": files,
                    "n": chance.randint(1, latest),
                    "signal": signal.SIGKILL if kill else chance.choice(SIGNALS),
                    "child": role if kill else "",
                    "which": chance.randrange(2),
                }
            )
    return strikes


class Lives:
    """The process that lives of studies are forked from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        (folder / "space.toml").write_text(SPACE)
        environment = os.environ | {
            "PYTHONPATH": f"{HERE}:{ROOT}",
            "TMPDIR": str(self.temporary),
            "OPENBLAS_NUM_THREADS": "1",
        }
        # Whoever runs the tests may ignore the end of the terminal, and children take after it.
        self._errors = (folder / "errors").open("w")
        before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "struck_study.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment,
            text=True,
        )
        signal.signal(signal.SIGHUP, before)

    def live(self, run: RunDirectory, strikes: list[dict[str, Any]]) -> tuple[int, list[str]]:
        """Return how a life ended, and where strikes landed."""
        landed = self.folder / "landed"
        landed.write_text("")
        order = {"root": str(run.root), "space": str(self.folder / "space.toml")}
        order |= {"trials": TRIALS, "strikes": strikes, "landed": str(landed)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        code = self._process.stdout.readline()
        assert code, (self.folder / "errors").read_text()
        return int(code), landed.read_text().splitlines()

    def close(self) -> None:
        self._process.communicate()
        self._errors.close()


@pytest.fixture
def lives(tmp_path: Path) -> Iterator[Lives]:
    made = Lives(tmp_path)
    yield made
    made.close()


@pytest.mark.slow
def test_forty_kills_stops_hang_ups_and_interrupts_in_all_stages_change_nothing(lives: Lives):
    whole = RunDirectory(lives.folder / "whole" / "study")
    struck = RunDirectory(lives.folder / "struck" / "study")
    assert lives.live(whole, []) == (0, [])

    strikes = planned_strikes(random.Random(19))
    planned = Counter(one["signal"].name for one in strikes if not one["child"])
    assert len(strikes) == 40
    assert min(planned[kind.name] for kind in SIGNALS) >= 5
    while strikes:
        code, landed = lives.live(struck, strikes)
        assert landed, f"nothing led to {strikes[0]}"
        assert code in {0, 130, -signal.SIGKILL}, (lives.folder / "errors").read_text()
        del strikes[: len(landed)]
    assert lives.live(struck, []) == (0, [])

    check_same_study(struck, whole)
    check_nothing_left(struck, whole)
    assert list(lives.temporary.iterdir()) == []


def check_same_study(struck: RunDirectory, whole: RunDirectory) -> None:
    records = collect_snapshot(struck), collect_snapshot(whole)
    assert all(has_ended(trial) for record in records for trial in record.trials)
    assert trials_by_seed(records[0]) == trials_by_seed(records[1])
    assert len(trials_by_seed(records[0])) == TRIALS
    lost = [trial.number for trial in records[0].trials if trial.lost]
    assert [one.retry_of for one in records[0].trials if one.retry_of is not None] == lost
    found, expected = (record.confirmation for record in records)
    assert found is not None
    assert expected is not None
    assert expected.comparisons[0].answer == "BEATS"
    assert without_numbers(found) == without_numbers(expected)
    assert len(found.openings) == 1
    assert len(open_ledger(struck).lines()) == 1
    assert open_ledger(struck).intact()
    storage = open_storage(f"sqlite:///{struck.database}", struck.name, create=False)
    shown = storage.trials()
    storage.close()
    assert [(trial.number, trial.value) for trial in shown] == [
        (trial.number, trial.accuracy) for trial in records[0].trials
    ]
    bundles = [read_bundle(run.best).manifest for run in (struck, whole)]
    assert bundles[0].weights_hash == bundles[1].weights_hash


def trials_by_seed(record: StudyRecord) -> dict[int, tuple[Any, ...]]:
    """Return what became of each trial that counts, whatever its number is after losses."""
    counted = [trial for trial in record.trials if not trial.lost]
    found = {
        trial.seed: (trial.state, trial.origin, trial.params, trial.accuracy, trial.weights_hash)
        for trial in counted
    }
    assert len(found) == len(counted)
    return found


def without_numbers(confirmation: Confirmation) -> Any:
    """Return all of an answer but when it was found and what a trial is numbered."""
    values = to_json(confirmation)
    for opening in values["openings"]:
        del opening["when"], opening["chain"]
    return json.loads(re.sub(r"trial \d+", "trial", json.dumps(values)))


def check_nothing_left(struck: RunDirectory, whole: RunDirectory) -> None:
    assert [path.name for path in struck.root.parent.iterdir()] == [struck.name]
    files = [
        sorted(str(path.relative_to(run.root)) for path in run.root.rglob("*"))
        for run in (struck, whole)
    ]
    assert files[0] == files[1]
    assert not any(Path(name).name.startswith(".") for name in files[0])
