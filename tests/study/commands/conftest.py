"""A run directory as a search leaves it, made without training; commands run in this process."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from reports.data_record import DataRecord
from reports.trial_record import EpochRecord, TrialRecord
from search_spaces.parameters import complete_params
from search_spaces.read import load_space
from search_spaces.space import SearchedParameter
from search_spaces.write import write_space
from study.cli import exit_code
from study.config import config_from_params
from study.coordinator.asked_trials import AskedTrial
from study.coordinator.storage import open_storage
from study.coordinator.trial_log import TrialLog
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import Plan, storage_url, write_plan


@dataclass(frozen=True)
class Said:
    """What a command line said, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


RecordedRun = Callable[..., RunDirectory]
DenseStudy = Callable[..., Said]
# Of two the last counts, so that a test may say another number.
_ONE_SPLIT = ("--folds", "1")
DATA = DataRecord("digits", "d" * 64, 64, (8, 8), 1198, 240, 359, ("0", "1"), (700, 738))
ACCURACIES = (0.9, 0.9208, None, 0.9375)


def make_plan(name: str) -> Plan:
    return Plan(
        name=name,
        created="2026-01-02T03:04:05+00:00",
        data="digits",
        data_fingerprint="d" * 64,
        space="four",
        space_fingerprint="e" * 64,
        seed=1,
        split_seed=2,
        share=1 / 6,
        sampler="tpe",
        pruner="median",
        window=0,
        trials=len(ACCURACIES),
        timeout_seconds=0.0,
        trial_timeout_seconds=0.0,
        jobs=2,
        storage="",
        versions={"keras": "3.15.1"},
        machine="a machine",
    )


def make_trial(
    number: int, accuracy: float | None, searched: tuple[SearchedParameter, ...]
) -> TrialRecord:
    config = complete_params("test", {"width": 64 + 32 * number, "epochs": 3})
    params = {p.name: config[p.name] for p in searched}
    curve = tuple(EpochRecord(e, 0.5 / e, 0.4 / e, 0.7 + 0.05 * e, 0.1) for e in (1, 2, 3))
    trial = TrialRecord(
        number=number,
        state="complete",
        origin="search" if number else "baseline",
        params=params,
        config=config,
        seed=100 + number,
        split="validation",
        n=240,
        accuracy=accuracy,
        loss=0.3,
        curve=curve,
        worker="local-0",
        started=f"2026-01-02T03:05:{10 * number:02d}+00:00",
        ended=f"2026-01-02T03:05:{10 * number + 8:02d}+00:00",
        seconds=8.0,
        parameter_count=1000 + number,
        weights_hash="a" * 64,
    )
    if accuracy is None:
        reason = "the loss is not a number after epoch 3"
        return replace(trial, state="failed", accuracy=None, loss=None, reason=reason)
    return trial


@pytest.fixture(scope="session")
def made_runs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, int], RunDirectory]:
    """Make a study of so many recorded trials once; tests work on copies."""
    folder, done = tmp_path_factory.mktemp("made"), dict[tuple[str, int], RunDirectory]()

    def make(name: str, trials: int) -> RunDirectory:
        if (name, trials) not in done:
            done[name, trials] = make_run(folder / str(trials) / name, trials)
        return done[name, trials]

    return make


def make_run(root: Path, trials: int) -> RunDirectory:
    run = RunDirectory(root)
    run.create()
    space = load_space("four")
    write_plan(run, make_plan(run.name))
    run.write_text(run.space, write_space(space))
    run.write_text(run.data, json.dumps(asdict(DATA)))
    storage = open_storage(storage_url(run, None, None), run.name, create=True)
    log = TrialLog(run, storage, space)
    log.restore()
    for number, accuracy in enumerate(ACCURACIES[:trials]):
        record = make_trial(number, accuracy, space.parameters)
        config = config_from_params(record.config)
        log.ask(AskedTrial(number, number, record.origin, record.params, config, record.seed))
        log.record(record)
    storage.close()
    return run


@pytest.fixture
def recorded_run(tmp_path: Path, made_runs: Callable[[str, int], RunDirectory]) -> RecordedRun:
    """Make `runs/<name>` with four recorded trials under a fresh folder."""

    def make(name: str = "recorded", trials: int = len(ACCURACIES)) -> RunDirectory:
        copied = shutil.copytree(made_runs(name, trials).root, tmp_path / "runs" / name)
        return RunDirectory(Path(copied))

    return make


@pytest.fixture
def dense_study(
    warm_processes: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> DenseStudy:
    """Run a command line: `dense_study(*arguments, cwd=folder, environ={})`.

    It runs in this process and trains in warm ones, since processes are not the point; README and
    wheel are tested by commands that start everything themselves. Trials are scored on one split,
    where the test does not ask for folds.
    """

    def run(*arguments: str, cwd: Path, environ: Mapping[str, str] = MappingProxyType({})) -> Said:
        capfd.readouterr()
        with warm_processes.lent(), monkeypatch.context() as patch:
            patch.chdir(cwd)
            for name, value in environ.items():
                patch.setenv(name, value)
            scored = _ONE_SPLIT if arguments[:1] in (("run",), ("plan",)) else ()
            code = exit_code([*arguments[:1], *scored, *arguments[1:]])
        return Said(code, *capfd.readouterr())

    return run
