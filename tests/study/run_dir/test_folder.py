"""The folder of the studies: which there are, and which ledgers count."""

import pytest

from search_spaces.faults import FaultError
from study.run_dir.folder import find_runs, ledgers_in, open_run
from study.run_dir.paths import RunDirectory


def test_a_missing_study_is_reported_with_those_there_are(tmp_path):
    for name in ("b", "a", "no-study"):
        (tmp_path / name).mkdir()
    for name in ("b", "a"):
        (tmp_path / name / "plan.toml").touch()
    assert [run.name for run in find_runs(tmp_path)] == ["a", "b"]
    with pytest.raises(FaultError) as caught:
        open_run(tmp_path, "c")
    assert str(caught.value) == f"{tmp_path}: no such study; got c; allowed: a, b"


def test_a_mistyped_study_is_answered_with_what_was_perhaps_meant(tmp_path):
    (tmp_path / "four-digits").mkdir()
    (tmp_path / "four-digits" / "plan.toml").touch()
    with pytest.raises(FaultError) as caught:
        open_run(tmp_path, "four-digit")
    what = "no such study (did you mean four-digits?)"
    assert str(caught.value) == f"{tmp_path}: {what}; got four-digit; allowed: four-digits"


def test_ledgers_are_those_in_folders_and_those_left_beside_them(tmp_path):
    ledgers = [RunDirectory(tmp_path / name).ledger for name in ("b", "baseline-x-1")]
    for path in ledgers:
        path.parent.mkdir()
        path.touch()
    left = tmp_path / "a-12345678.ledger.jsonl"
    left.touch()
    (tmp_path / "folder.ledger.jsonl").mkdir()
    (tmp_path / "empty").mkdir()

    assert ledgers_in(tmp_path) == (
        ("a-12345678", left),
        ("b", ledgers[0]),
        ("baseline-x-1", ledgers[1]),
    )
    assert ledgers_in(tmp_path / "absent") == ()
