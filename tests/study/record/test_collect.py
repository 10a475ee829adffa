"""A run directory is collected into a record from text and storage alone."""

import json
import subprocess
import sys
from dataclasses import asdict

import pytest

from reports.json_record import record_from_json, record_to_json
from reports.record import DataRecord, Sample
from reports.trial_record import EpochRecord, TrialRecord
from search_spaces.faults import FaultError
from search_spaces.read import load_space
from search_spaces.write import write_space
from study.config import config_from_params
from study.coordinator.asked_trials import AskedFile, AskedTrial
from study.coordinator.storage import open_storage
from study.record.snapshot import collect_snapshot
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import storage_url, write_plan
from study.workflows.request import Request, first_plan

CONFIG = config_from_params({"width": 64})
PARAMS = {"width": 64, "dropout": 0.25, "batch_size": 64, "epochs": 3}
TOLD = TrialRecord(
    number=1,
    state="failed",
    origin="search",
    params=PARAMS,
    config=CONFIG.as_params(),
    seed=5,
    split="validation",
    n=240,
    curve=(EpochRecord(1, 0.5, 0.25, 0.75, 0.1), EpochRecord(2, 0.4, None, None, 0.1)),
    reason="its worker died",
    lost=True,
    unpruned=True,
    retry_of=0,
    worker="worker 1",
    started="2026-01-01T00:00:00+00:00",
    ended="2026-01-01T00:00:02+00:00",
    seconds=2.0,
    parameter_count=7,
    weights_hash="a" * 64,
)


@pytest.fixture
def run(tmp_path):
    run = RunDirectory(tmp_path / "s")
    space = load_space("four")
    plan = first_plan(Request({"seed": 3}, jobs=2), "s", space, "f" * 64)
    data = DataRecord(
        *("digits", "f" * 64, 4, (2, 2), 900, 240, 300),
        *(("0", "1"), (600, 540), (Sample("0", ((0, 255), (1, 2))),)),
    )
    write_plan(run, plan)
    run.write_text(run.space, write_space(space))
    run.write_text(run.data, json.dumps(asdict(data)))
    storage = open_storage(storage_url(run, None, None), "s", create=True)
    storage.tell(TOLD, space)
    storage.close()
    asked = AskedFile(run.open_lines(run.asked))
    asked.append(AskedTrial(1, 0, "search", PARAMS, CONFIG, 5, attempt=1, retry_of=0))
    asked.append(AskedTrial(2, 1, "search", PARAMS, CONFIG, 6))
    return run


def test_a_record_holds_recorded_trials_whole_and_asked_ones_as_running(run):
    record = collect_snapshot(run)
    assert record.trials[0] == TOLD
    running = record.trials[1]
    assert (running.number, running.state, running.seed, running.n) == (2, "running", 6, 240)
    assert record.space == load_space("four")
    assert record.data.samples == (Sample("0", ((0, 255), (1, 2))),)
    assert record_from_json(record_to_json(record)) == record


def test_collecting_imports_no_tensorflow(run):
    code = (
        "import sys; from pathlib import Path; from study.record.snapshot import collect_snapshot; "
        "from study.run_dir.paths import RunDirectory; "
        "collect_snapshot(RunDirectory(Path(sys.argv[1]))); "
        "sys.exit(bool({'tensorflow', 'keras'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code, str(run.root)], check=True)


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("data.json", "{", "is not JSON"),
        ("data.json", "[]", "is not a JSON object; got list"),
        ("data.json", "{}", "missing: name, fingerprint, features, image_shape, train_n,"),
        ("plan.toml", "a = ", "cannot be read"),
        ("study.db", None, "no such database"),
        ("space.toml", None, "cannot be read"),
    ],
)
def test_what_is_missing_or_damaged_is_one_fault_naming_the_file(run, name, text, what):
    if text is None:
        (run.root / name).unlink()
    else:
        (run.root / name).write_text(text)
    with pytest.raises(FaultError) as caught:
        collect_snapshot(run)
    assert len(caught.value.faults) == 1
    assert name in caught.value.faults[0].where
    assert what in str(caught.value)
