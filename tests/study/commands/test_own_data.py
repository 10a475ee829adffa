"""A user's own table goes from a file to a verdict, and every command reads it the same way."""

from pathlib import Path

import numpy as np
import pytest

from search_spaces.data_source import DataOptions
from search_spaces.shipped import shipped_text
from study.bundle.manifest import read_manifest
from study.cli import exit_code
from study.record.snapshot import collect_snapshot
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import read_plan


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Write 240 rows of three numbers, two of which tell three classes; one person has four."""
    rng = np.random.default_rng(2)
    lines = ["person,a,b,c,kind"]
    for row in range(240):
        kind = (row // 4) % 3
        a, b, c = rng.random(3) / 4 + (kind / 3, 0.3, (kind == 1) / 2)
        lines.append(f"p{row // 4},{a:.4f},{b:.4f},{c:.4f},kind {kind}")
    (tmp_path / "my.csv").write_text("\n".join(lines))
    return tmp_path / "my.csv"


@pytest.mark.slow
@pytest.mark.usefixtures("table")
def test_one_file_is_a_study_of_a_table(dense_study, tmp_path):
    said = '[data]\nsource = "my.csv"\ntarget = "kind"\ngroup = "person"\ntest_share = 0.25\n'
    (tmp_path / "study.toml").write_text(shipped_text("smoke") + said)
    base = ("run", "study.toml", "--jobs", "1", "--confirm-seeds", "2", "--top", "1")
    done = dense_study(*base, "--trials", "2", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "data: 60 of 240 rows are the test split, whole groups of person" in done.stderr
    run = RunDirectory(tmp_path / "runs" / "study-my")
    options = DataOptions("kind", test_share=0.25, group="person")
    assert read_plan(run).data_options() == options
    assert read_manifest(run.best).read_as == options
    record = collect_snapshot(run)
    assert (record.data.train_n, record.data.validation_n, record.data.test_n) == (156, 24, 60)
    assert record.confirmation is not None
    assert record.data.test_groups == 15

    refused = dense_study(*base, "--group", "a", cwd=tmp_path)
    assert refused.returncode == 1
    assert "was started with another --group; got a; allowed: person, or a new --name" in (
        refused.stderr
    )
    again = dense_study("resume", "study-my", "--trials", "3", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    verified = dense_study("verify", "runs/study-my/best", "--data", "my.csv", cwd=tmp_path)
    assert verified.returncode == 0, verified.stderr


def test_a_table_is_checked_as_the_options_say(table, capsys):
    asked = ["data", "check", str(table), "--target", "kind", "--drop", "person", "--drop", "b"]
    assert exit_code(asked) == 0
    said = capsys.readouterr().out
    assert "classes: 3 (training + test): kind 0: 64 + 16; kind 1: 64 + 16; kind 2: 64 + 16" in said
    assert "columns: 2 of numbers" in said
    assert "missing: no training row lacks a value" in said
    assert "48 of 240 rows are the test split, of every class its share" in said


def test_options_that_data_does_not_take_are_reported(capsys):
    assert exit_code(["data", "check", "digits", "--target", "kind"]) == 1
    assert capsys.readouterr().err == (
        "Error: digits: options that a data set known by name does not take; got --target; "
        "allowed: none of them\n"
    )
