"""A run directory is collected into a record from text and storage alone."""

import json
import math
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import asdict, replace

import pytest

from reports.data_record import DataRecord, Sample
from reports.json_record import record_from_json, record_to_json
from reports.opening import Purpose
from reports.trial_record import EpochRecord, TrialRecord
from search_spaces.faults import FaultError
from search_spaces.read import load_space
from search_spaces.write import write_space
from study.config import config_from_params
from study.coordinator.asked_trials import AskedFile, AskedTrial
from study.coordinator.recorded_trials import RecordedTrials
from study.record.snapshot import collect_snapshot
from study.run_dir.ledger import ledger_at
from study.run_dir.lock import locked
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import find_plan, write_plan
from study.workflows.plans import first_plan
from study.workflows.request import Request

CONFIG = config_from_params({"width": 64})
PARAMS = {"width": 64, "dropout": 0.25, "batch_size": 64, "epochs": 3}
RECORDED = TrialRecord(
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
    RecordedTrials(run).append(RECORDED)
    asked = AskedFile(run.open_lines(run.asked))
    asked.append(AskedTrial(1, 0, "search", PARAMS, CONFIG, 5, attempt=1, retry_of=0))
    asked.append(AskedTrial(2, 1, "search", PARAMS, CONFIG, 6))
    return run


@pytest.mark.parametrize(
    ("owner", "state"), [(locked, "running"), (lambda _run: nullcontext(), "interrupted")]
)
def test_a_record_holds_recorded_trials_whole_and_others_as_running_while_somebody_runs_them(
    owner, state, run
):
    with owner(run):
        record = collect_snapshot(run)
    assert record.trials[0] == RECORDED
    unended = record.trials[1]
    assert (unended.number, unended.state, unended.seed, unended.n) == (2, state, 6, 240)
    assert record.space == load_space("four")
    assert record.data.samples == (Sample("0", ((0, 255), (1, 2))),)
    assert record_from_json(record_to_json(record)) == record


def test_a_study_that_was_resumed_with_a_smaller_total_has_no_more_trials_than_its_total(run):
    write_plan(run, replace(find_plan(run), trials=1))
    record = collect_snapshot(run)
    assert (record.trials_asked, len(record.trials)) == (2, 2)


def test_the_trials_of_a_table_name_what_prepares_its_columns(run):
    data = json.loads(run.read_text(run.data))
    column = {"name": "age", "kind": "number", "missing": 3, "holds": "1 to 9"}
    run.write_text(run.data, json.dumps({**data, "columns": [column]}))
    prepared = {"scaling": "standard", "rare_level_share": 0.01}
    for trial in collect_snapshot(run).trials:
        assert trial.config == {**CONFIG.as_params(), **prepared}


@pytest.mark.slow
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
        ("trials.jsonl", "{\n", "is not JSON"),
        ("trials.jsonl", "[]\n", "is not a JSON object; got list"),
        ("trials.jsonl", "{}\n", "missing: number, state, origin, params, config, seed, split, n"),
        ("asked.jsonl", "{}\n", "missing: number"),
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


def test_a_study_without_its_list_of_records_and_without_a_storage_is_a_fault(run):
    run.trials.unlink()
    with pytest.raises(FaultError) as caught:
        collect_snapshot(run)
    assert str(caught.value) == f"sqlite:///{run.database}: no such database"
    assert not run.database.exists()


def test_a_trial_that_is_recorded_twice_is_a_fault_with_its_line(run):
    run.trials.write_bytes(2 * run.trials.read_bytes())
    with pytest.raises(FaultError) as caught:
        collect_snapshot(run)
    assert str(caught.value) == f"{run.trials}, line 2: trial is recorded twice; got 1"


def test_numbers_that_are_not_finite_outlive_the_file(run):
    curve = (EpochRecord(1, math.nan, math.inf, 0.1, 0.1),)
    RecordedTrials(run).append(replace(RECORDED, number=3, curve=curve))
    [row] = collect_snapshot(run).trials[-1].curve
    assert math.isnan(row.train_loss)
    assert row.validation_loss == math.inf
    for line in run.trials.read_text().splitlines():
        json.loads(line, parse_constant=pytest.fail)


def test_openings_by_others_before_the_study_was_planned_are_a_warning(run):
    def opened(name, when, weights, data="f"):
        ledger = ledger_at(RunDirectory(run.root.parent / name).ledger)
        ledger.append(when, Purpose("train", "a", seeds=1), (weights,), data * 64)

    assert collect_snapshot(run).data.warnings == ()
    opened("other", "2026-01-01T00:00:00+00:00", "a")
    opened("third", "2026-01-02T00:00:00+00:00", "a")
    opened("third", "2026-01-03T00:00:00+00:00", "b")
    opened("third", "2999-01-03T00:00:00+00:00", "c")
    opened("fourth", "2026-01-01T00:00:00+00:00", "d", data="e")

    (warning,) = collect_snapshot(run).data.warnings

    assert str(warning) == (
        "test split: 2 openings by other studies came before this study was "
        "planned; intervals are widened by their number, but not by what was learnt from them"
    )
