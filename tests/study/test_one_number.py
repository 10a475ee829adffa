"""A trial has one number: page, terminal, database, JSON and bundle."""

import json
import re
import subprocess
import sys

import optuna
import pytest
from optuna.storages import RDBStorage

from reports.cards.trials import trial_table
from reports.json_record import record_from_json
from reports.trials import best_trial

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def study(folder, *arguments):
    command = [sys.executable, "-m", "study", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done


def test_a_real_study_on_two_workers_has_one_number_for_each_trial(tmp_path):
    asked = ("--name", "s", "--trials", "10", "--jobs", "2", "--seed", "2")
    lines = study(tmp_path, "run", "smoke", *asked, "--no-confirm").stderr.splitlines()
    run = tmp_path / "runs" / "s"
    record = record_from_json(json.loads(study(tmp_path, "show", "s", "--json").stdout))
    storage = RDBStorage(f"sqlite:///{run / 'study.db'}")
    optuna_study = optuna.load_study(study_name="s", storage=storage)
    shown, number_of_best = optuna_study.get_trials(), optuna_study.best_trial.number
    storage.remove_session()
    storage.engine.dispose()

    assert [trial.number for trial in record.trials] == list(range(10))
    assert record.trials[0].origin == "baseline"
    for trial, theirs, row in zip(record.trials, shown, trial_table(record).rows, strict=True):
        curve = {epoch.epoch: epoch.validation_accuracy for epoch in trial.curve}
        assert theirs.number == row[0] == trial.number
        assert theirs.params == trial.params
        assert theirs.value == trial.accuracy
        assert theirs.intermediate_values == curve
        assert theirs.user_attrs["seed"] == trial.seed
        said = rf"\[\d+/10\] trial {trial.number}[ :]"
        assert sum(bool(re.match(said, line)) for line in lines) == 1

    best = best_trial(record)
    assert best is not None
    assert number_of_best == best.number
    assert f"(trial {best.number})" in study(tmp_path, "show", "s").stdout
    assert f"trial {best.number}" in (run / "report.html").read_text()
    manifest = json.loads((run / "best" / "manifest.json").read_text())
    assert manifest["candidate"] == f"trial {best.number}"
    config = json.loads((run / "best" / "config.json").read_text())
    assert shown[best.number].params.items() <= config.items()
