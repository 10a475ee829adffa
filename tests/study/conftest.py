"""Builders of finished studies, for everything that reads a run directory."""

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from reports.record import EpochRecord, TrialRecord
from search_spaces.fingerprint import space_fingerprint
from search_spaces.read import read_space
from search_spaces.write import write_space
from study.config import config_from_params
from study.coordinator.asked import AskedFile, AskedTrial
from study.coordinator.storage import open_storage, storage_url
from study.data.describe import describe
from study.data.load import load_data
from study.data.split import VALIDATION_SHARE
from study.data.values import Split
from study.machine import machine, versions
from study.plan import Plan, write_plan
from study.run_directory import RunDirectory

TINY = """
name = "tiny"
[parameters.width]
type = "int"
low = 8
high = 512
[fixed]
depth = 1
batch_size = 32
epochs = 2
[baseline]
depth = 1
width = 16
batch_size = 32
epochs = 2
"""

# Makes a study at a path: searched widths and their accuracies (None: failed), the baseline first.
MakeStudy = Callable[..., RunDirectory]


@pytest.fixture(scope="session")
def make_study() -> MakeStudy:
    def _make(
        root: Path,
        trials: Sequence[tuple[int, float | None]] = ((16, 0.5), (32, 0.8), (24, None)),
        data: str = "digits",
        space_text: str = TINY,
    ) -> RunDirectory:
        run = RunDirectory(root)
        run.create()
        space = read_space(space_text, "tiny.toml")
        loaded = load_data(data, {})
        split = Split(11, VALIDATION_SHARE)
        record = describe(loaded, split)
        run.write_text(run.space, write_space(space))
        run.write_text(run.data, json.dumps(asdict(record)))
        with closing(open_storage(storage_url(run, ""), run.name, create=True)) as storage:
            for number, (width, accuracy) in enumerate(trials):
                params = {"width": width}
                config = config_from_params({**space.fixed, **params})
                origin = "search" if number else "baseline"
                AskedFile(run.asked).append(
                    AskedTrial(number, number, origin, params, config, 100 + number)
                )
                told = TrialRecord(
                    number=number,
                    state="failed" if accuracy is None else "complete",
                    origin=origin,
                    params=params,
                    config=config.as_params(),
                    seed=100 + number,
                    split="validation",
                    n=record.validation_n,
                    accuracy=accuracy,
                    loss=None if accuracy is None else 1 - accuracy,
                    curve=(EpochRecord(1, 1.0, 1.0, 0.4, 0.1),),
                    reason="diverged in epoch 2" if accuracy is None else None,
                    started="2026-01-01T00:00:00+00:00",
                    ended="2026-01-01T00:00:01+00:00",
                    seconds=1.0,
                )
                storage.tell(told, space)
        plan = Plan(
            name=run.name,
            created="2026-01-01T00:00:00+00:00",
            data=data,
            data_fingerprint=record.fingerprint,
            space="tiny.toml",
            space_fingerprint=space_fingerprint(space),
            seed=7,
            split_seed=split.seed,
            share=split.share,
            sampler="tpe",
            pruner="median",
            window=0,
            trials=len(trials),
            timeout_seconds=0.0,
            trial_timeout_seconds=0.0,
            jobs=1,
            storage="",
            versions=versions(),
            machine=machine(),
        )
        write_plan(run, plan)
        return run

    return _make
