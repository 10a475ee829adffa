"""A run directory as a search leaves it, made without training."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from reports.record import DataRecord
from reports.trial_record import EpochRecord, TrialRecord
from search_spaces.parameters import complete_params
from search_spaces.read import load_space
from search_spaces.space import SearchedParameter
from search_spaces.write import write_space
from study.coordinator.storage import open_storage
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import Plan, storage_url, write_plan

RecordedRun = Callable[..., RunDirectory]
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


@pytest.fixture
def recorded_run(tmp_path: Path) -> RecordedRun:
    """Make `runs/<name>` with four recorded trials under a fresh folder."""

    def make(name: str = "recorded", trials: int = len(ACCURACIES)) -> RunDirectory:
        run = RunDirectory(tmp_path / "runs" / name)
        run.create()
        space = load_space("four")
        write_plan(run, make_plan(name))
        run.write_text(run.space, write_space(space))
        run.write_text(run.data, json.dumps(asdict(DATA)))
        storage = open_storage(storage_url(run, None, None), name, create=True)
        for number, accuracy in enumerate(ACCURACIES[:trials]):
            storage.tell(make_trial(number, accuracy, space.parameters), space)
        storage.close()
        return run

    return make
