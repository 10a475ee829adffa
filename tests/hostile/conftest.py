"""Finished studies for hostile surroundings, made without training."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from reports.data_record import DataRecord
from reports.trial_record import EpochRecord, TrialRecord
from search_spaces.parameters import complete_params
from search_spaces.read import load_space
from search_spaces.write import write_space
from study.config import config_from_params
from study.coordinator.asked_trials import AskedTrial
from study.coordinator.storage import open_storage
from study.coordinator.trial_log import TrialLog
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import storage_url, write_plan
from study.workflows.plans import first_plan
from study.workflows.request import Request

DATA = DataRecord("digits", "d" * 64, 64, (8, 8), 1198, 240, 359, ("0", "1"), (700, 738))

# Makes a study that searched two trials, in a folder.
MakeRun = Callable[[Path], RunDirectory]


@pytest.fixture
def make_run() -> MakeRun:
    def make(root: Path) -> RunDirectory:
        run = RunDirectory(root)
        run.create()
        space = load_space("four")
        run.write_text(run.space, write_space(space))
        run.write_text(run.data, json.dumps(asdict(DATA)))
        plan = first_plan(Request({"trials": 2}, jobs=1), run.name, space, DATA.fingerprint)
        with closing(open_storage(storage_url(run, None, None), run.name, create=True)) as storage:
            log = TrialLog(run, storage, space)
            log.restore()
            for number, accuracy in enumerate((0.9, 0.95)):
                config = complete_params("test", {"width": 64 + number, "epochs": 1})
                record = TrialRecord(
                    number=number,
                    state="complete",
                    origin="search" if number else "baseline",
                    params={one.name: config[one.name] for one in space.parameters},
                    config=config,
                    seed=number,
                    split="validation",
                    n=240,
                    accuracy=accuracy,
                    loss=0.3,
                    curve=(EpochRecord(1, 0.5, 0.4, 0.7, 0.1),),
                    started="2026-01-02T03:05:00+00:00",
                    ended="2026-01-02T03:05:08+00:00",
                    seconds=8.0,
                )
                whole = config_from_params(config)
                log.ask(AskedTrial(number, number, record.origin, record.params, whole, number))
                log.record(record)
        write_plan(run, plan)
        return run

    return make
