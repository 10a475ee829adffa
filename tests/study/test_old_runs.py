"""Studies of the version before, whose records lay in the Optuna storage, are read and go on."""

import json
import sqlite3
import subprocess
import sys
import tarfile
import textwrap
from contextlib import closing
from pathlib import Path

import optuna
import pytest
from optuna.distributions import FloatDistribution
from optuna.storages import RDBStorage
from optuna.study import StudyDirection
from optuna.trial import create_trial

from reports.json_values import from_json
from reports.trial_record import TrialRecord
from search_spaces.read import load_space
from study.cli import exit_code
from study.coordinator.asked_trials import AskedFile
from study.coordinator.history import read_history
from study.coordinator.storage import metric_name, open_storage
from study.coordinator.trial_log import TrialLog
from study.database import trial_rows
from study.database.connect import reading_storage
from study.database.ownership import owned_study
from study.database.url import checked_url
from study.record.snapshot import snapshot
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import read_plan
from study.run_dir.urls import redact_url

# Two studies of 0.1.0: one confirmed, one stopped by Ctrl-C after 11 of 40 trials, two in flight.
ARCHIVE = Path(__file__).with_name("old_runs.tar.xz")
NAMES = ("old-done", "old-stopped")


@pytest.fixture
def runs(tmp_path):
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(tmp_path / "runs", filter="data")
    return tmp_path / "runs"


def held(run):
    """Return the records of an old study by number, as its database holds them."""
    with closing(sqlite3.connect(run.database)) as database:
        rows = database.execute("SELECT value_json FROM trial_user_attributes WHERE key = 'record'")
        records = [from_json(TrialRecord, json.loads(text), "a record") for (text,) in rows]
    return {record.number: record for record in records}


def everything(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def migrated(run):
    """Open an old study as a coordinator does, and return what it left."""
    with closing(open_storage(f"sqlite:///{run.database}", run.name, create=True)) as storage:
        return TrialLog(run, storage, load_space("smoke")).restore()


def shown(run):
    """Return an Optuna study's trials, and its metric's name."""
    storage = RDBStorage(f"sqlite:///{run.database}")
    study = optuna.load_study(study_name=run.name, storage=storage)
    found = study.get_trials(), study.metric_names
    storage.remove_session()
    storage.engine.dispose()
    return found


def check_shown(run, records, unended=()):
    trials, names = shown(run)
    assert names == [metric_name("accuracy")]
    assert [trial.number for trial in trials] == sorted([*records, *unended])
    assert trials[0].user_attrs["origin"] == "baseline"
    for number, record in records.items():
        trial = trials[number]
        curve = {row.epoch: row.validation_accuracy for row in record.curve}
        assert (trial.params, trial.value) == (record.params, record.accuracy)
        assert trial.intermediate_values == curve
        assert trial.user_attrs["seed"] == record.seed
        assert {"origin", "split", "n", "seconds"} <= trial.user_attrs.keys()
    for trial in trials:
        assert all(len(str(value)) <= 200 for value in trial.user_attrs.values())
    asked = {trial.number: trial for trial in AskedFile(run.open_lines(run.asked)).read()}
    for number in unended:
        assert trials[number].state.name == "RUNNING"
        assert trials[number].params == asked[number].params
        assert trials[number].user_attrs == {"origin": "search", "seed": asked[number].seed}


@pytest.mark.parametrize("name", NAMES)
def test_an_old_study_is_shown_and_reported_as_it_is_and_nothing_is_written(
    runs, tmp_path, capsys, name
):
    run = RunDirectory(runs / name)
    records, before = held(run), everything(runs)
    at = ("--runs-dir", str(runs))
    assert exit_code(["show", name, "--json", *at]) == 0
    values = json.loads(capsys.readouterr().out)["trials"]
    ended = {one["number"]: from_json(TrialRecord, one, "trial") for one in values if one["ended"]}
    assert ended == records
    waiting = [one["number"] for one in values if one["state"] == "interrupted"]
    assert waiting == ([11, 12] if name == "old-stopped" else [])
    assert exit_code(["report", name, "--out", str(tmp_path / "page.html"), *at]) == 0
    best = max(record.accuracy for record in records.values())
    assert f"{100 * best:.2f}" in (tmp_path / "page.html").read_text()
    assert exit_code(["list", *at]) == 0
    assert everything(runs) == before


@pytest.mark.slow
@pytest.mark.parametrize(("name", "unended"), [("old-done", ()), ("old-stopped", (11, 12))])
def test_an_old_study_is_migrated_when_it_is_opened_to_run_and_only_once(runs, name, unended):
    run = RunDirectory(runs / name)
    records = held(run)
    dates = {trial.user_attrs["record"]["number"]: dates_of(trial) for trial in shown(run)[0]}
    assert [*records] != sorted(records)  # Optuna had numbered them as they ended
    history = migrated(run)
    assert {record.number: record for record in history.recorded} == records
    assert [trial.number for trial in history.in_flight()] == list(unended)
    check_shown(run, records, unended)
    assert {t.number: dates_of(t) for t in shown(run)[0] if t.number in records} == dates
    assert read_history(run, read_plan(run), None) == history
    before = run.trials.read_bytes(), shown(run)
    assert migrated(run) == history
    assert (run.trials.read_bytes(), shown(run)) == before


def dates_of(trial):
    return trial.datetime_start, trial.datetime_complete


def test_trials_that_others_added_to_an_old_study_come_after_ours(runs):
    run = RunDirectory(runs / "old-stopped")
    records = held(run)
    storage = RDBStorage(f"sqlite:///{run.database}")
    study = optuna.load_study(study_name=run.name, storage=storage)
    domains = {"x": FloatDistribution(0.0, 1.0)}
    study.add_trial(create_trial(params={"x": 0.5}, distributions=domains, value=0.99))
    assert study.best_trial.number == 11
    storage.remove_session()
    storage.engine.dispose()
    migrated(run)
    *ours, other = shown(run)[0]
    assert [trial.number for trial in ours] == sorted([*records, 11, 12])
    assert (other.number, other.params, other.value) == (13, {"x": 0.5}, 0.99)


@pytest.mark.slow
def test_an_old_study_in_postgresql_is_migrated_at_once_or_not_at_all(
    runs, tmp_path, database, postgres, monkeypatch
):
    run = RunDirectory(runs / "old-stopped")
    records = held(run)
    move_to_postgresql(run, database)
    elsewhere = RunDirectory(tmp_path / "elsewhere" / "old-stopped")
    before = seen(database)

    def break_off(*_given):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(trial_rows, "_fill", break_off)
        with pytest.raises(KeyboardInterrupt):
            migrated_in_postgresql(run, database)
    assert seen(database) == before
    with snapshot(elsewhere, database) as there:
        history = read_history(there.run, there.plan, database)
    assert {record.number: record for record in history.recorded} == records

    assert migrated_in_postgresql(run, database) == history
    trials, names = seen(database)
    assert names == [metric_name("accuracy")]
    assert [trial.number for trial in trials] == list(range(13))
    for number, record in records.items():
        assert trials[number].params == record.params
        assert trials[number].value == record.accuracy
        assert len(trials[number].intermediate_values) == len(record.curve)
        assert trials[number].user_attrs["seed"] == record.seed
    assert [trial.state.name for trial in trials[11:]] == ["RUNNING", "RUNNING"]
    name = database.rpartition("/")[2]
    lines = "SELECT count(*) FROM dense_study_lines WHERE name = 'trials.jsonl'"
    assert postgres.execute(lines, name) == [(11,)]
    with snapshot(elsewhere, database) as there:
        assert read_history(there.run, there.plan, database) == history


def move_to_postgresql(run, url):
    """Make a study in SQLite one that the version before began in PostgreSQL."""
    storage = reading_storage(checked_url(url))
    study_id = storage.create_new_study([StudyDirection.MAXIMIZE], run.name)
    for trial in shown(run)[0]:
        storage.create_new_trial(study_id, trial)
    run.database.unlink()
    text = run.plan.read_text()
    run.plan.write_text(text.replace('storage = ""', f'storage = "{redact_url(url)}"'))
    with owned_study(run, read_plan(run), url):
        pass


def migrated_in_postgresql(run, url):
    with owned_study(run, read_plan(run), url) as at:
        storage = open_storage(url, run.name, create=True, owned=at.storage)
        with closing(storage):
            return TrialLog(at.run, storage, load_space("smoke")).restore()


def seen(url):
    study = optuna.load_study(study_name="old-stopped", storage=reading_storage(checked_url(url)))
    return study.get_trials(), study.metric_names


# Ends the process, as kill -9 does, when a function is called for the nth time, or has returned.
KILLED = """
import importlib, os, sys
from contextlib import closing
from pathlib import Path
from search_spaces.read import load_space
from study.coordinator.storage import open_storage
from study.coordinator.trial_log import TrialLog
from study.run_dir.paths import RunDirectory

module, _, path = sys.argv[2].partition(":")
*owners, name = path.split(".")
owner = importlib.import_module(module)
for part in owners:
    owner = getattr(owner, part)
real = getattr(owner, name)

def killed(*given, **named):
    if sys.argv[3] == "after":
        real(*given, **named)
    os._exit(9)

setattr(owner, name, killed)
run = RunDirectory(Path(sys.argv[1]))
with closing(open_storage(f"sqlite:///{run.database}", run.name, create=True)) as storage:
    TrialLog(run, storage, load_space("smoke")).restore()
"""
MOMENTS = [
    ("study.run_dir.paths:write_atomically", "before"),
    ("study.run_dir.paths:write_atomically", "after"),
    ("study.database.trial_rows:_empty", "before"),
    ("study.database.trial_rows:_empty", "after"),
    ("study.database.trial_rows:_fill", "after"),
    ("study.coordinator.storage:rewrite_trials", "after"),
    ("study.coordinator.storage:TrialStorage.name_metric", "after"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("function", "when"), MOMENTS)
def test_a_migration_that_is_killed_loses_nothing_and_is_done_again(runs, function, when):
    run = RunDirectory(runs / "old-stopped")
    records = held(run)
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(run.root), function, when]
    assert subprocess.run(command, check=False).returncode == 9
    history = read_history(run, read_plan(run), None)
    assert {record.number: record for record in history.recorded} == records
    assert migrated(run) == history
    check_shown(run, records, (11, 12))
    assert run.trials.read_text().count("\n") == 11


@pytest.fixture
def study(warm_processes, capfd):
    """Return what runs a command line and returns what it says on stderr."""

    def run(*arguments):
        capfd.readouterr()
        with warm_processes.lent():
            code = exit_code(list(arguments))
        said = capfd.readouterr().err
        assert code == 0, said
        return said

    return run


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_an_old_study_that_was_stopped_goes_on(runs, study):
    run = RunDirectory(runs / "old-stopped")
    before = held(run)
    asked = run.asked.read_bytes()
    more = ("--trials", "15", "--no-confirm", "--quiet")
    study("run", "--name", "old-stopped", *more, "--runs-dir", str(runs))
    history = read_history(run, read_plan(run), None)
    records = {record.number: record for record in history.recorded}
    assert [*records] == list(range(15))
    assert {number: records[number] for number in before} == before
    assert run.asked.read_bytes().startswith(asked)
    check_shown(run, records)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_an_old_study_that_was_confirmed_is_confirmed_again_without_an_opening(runs, study):
    run = RunDirectory(runs / "old-done")
    records, ledger = held(run), run.ledger.read_bytes()
    answers = json.loads(run.confirmation.read_text())["comparisons"]
    at = ("--runs-dir", str(runs))
    said = study("confirm", "old-done", *at)
    assert ", seed " not in said  # the lines that retrainings leave
    assert run.ledger.read_bytes() == ledger
    after = json.loads(run.confirmation.read_text())["comparisons"]
    assert [one["answer"] for one in after] == [one["answer"] for one in answers]
    assert not run.trials.exists()

    study("resume", "old-done", "--quiet", *at)
    assert run.ledger.read_bytes() == ledger
    check_shown(run, records)
    assert run.trials.read_text().count("\n") == 6

    study("verify", str(run.best))
    assert run.ledger.read_bytes() == ledger


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_bundle_of_an_old_study_verifies(runs, study):
    study("verify", str(runs / "old-done" / "best"))
