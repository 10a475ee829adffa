"""`ledger` lists what the studies of a folder have opened."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reports.opening import Purpose
from study.cli import exit_code
from study.run_dir.ledger import ledger_at, open_ledger
from study.run_dir.paths import RunDirectory
from study.run_dir.user_ledger import user_ledger

RecordedRun = Callable[..., RunDirectory]
WHOLE, SPLIT, OTHER = ("a" * 64, "b" * 64, "c" * 64)


def final(seeds: int, look: int | None = None) -> Purpose:
    return Purpose("final", "trial 3", seeds, look, None if look is None else 3)


@pytest.fixture
def runs(tmp_path: Path, recorded_run: RecordedRun) -> Path:
    """Return a folder: a study with two looks, what is left of another, and other data."""
    first = open_ledger(recorded_run("first"))
    first.append("2026-01-02T10:00:00Z", final(5, 1), ("x1",), WHOLE, SPLIT)
    # A line of 0.1.0 does not name the split; the line before tells which it is.
    first.append("2026-01-02T12:00:00Z", final(10, 2), ("x2",), WHOLE)
    folder = tmp_path / "runs"
    left = ledger_at(RunDirectory(folder / "left").ledger)
    left.append("2026-01-02T11:00:00Z", final(8), ("y",), OTHER, SPLIT)
    third = ledger_at(RunDirectory(folder / "third").ledger)
    third.append("2026-01-01T09:00:00Z", Purpose("baseline", seeds=5), ("z",), "d" * 64)
    return folder


def test_openings_stand_under_the_test_split_that_they_opened(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["ledger", "--runs-dir", str(runs)]) == 0
    assert capsys.readouterr().out == (
        "Test split dddddddddddd of data without a name: 1 opening so far; "
        "the next answer's interval would be at 99.50 %.\n"
        "  opening  study  opened (UTC)      for\n"
        "  1        third  2026-01-01 09:00  baseline, 5 seeds\n"
        "\n"
        "Test split bbbbbbbbbbbb of digits: 2 openings so far; "
        "the next answer's interval would be at 99.83 %.\n"
        "  opening  study  opened (UTC)      for\n"
        "  1        first  2026-01-02 10:00  "
        "final of trial 3 and baseline, 5 seeds each, look 1 of 3\n"
        "  2        left   2026-01-02 11:00  final of trial 3 and baseline, 8 seeds each\n"
        "  2        first  2026-01-02 12:00  "
        "final of trial 3 and baseline, 10 seeds each, look 2 of 3\n"
    )


def test_programs_get_every_field(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["ledger", "--json", "--runs-dir", str(runs)]) == 0
    _, split = json.loads(capsys.readouterr().out)
    assert split["fingerprint"] == SPLIT
    assert split["data"] == ["digits"]
    assert split["count"] == 2
    assert split["next_level"] == pytest.approx(1 - 0.01 / 6)
    numbers = [(one["number"], one["study"]) for one in split["openings"]]
    assert numbers == [(1, "first"), (2, "left"), (2, "first")]
    assert split["openings"][0]["opening"]["purpose"]["look"] == 1


def test_a_broken_ledger_is_an_error_and_hides_no_other(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = RunDirectory(runs / "first").ledger
    path.write_bytes(path.read_bytes().replace(b"x2", b"x3"))
    (runs / "worse").mkdir()
    RunDirectory(runs / "worse").ledger.write_bytes(b"\xff\n")

    assert exit_code(["ledger", "--runs-dir", str(runs)]) == 1

    printed = capsys.readouterr()
    assert "look 1 of 3" in printed.out
    assert "look 2 of 3" not in printed.out
    assert [line.split(":")[:2] for line in printed.err.splitlines()] == [
        ["Error", f" {path}, line 2"],
        ["Error", f" {RunDirectory(runs / 'worse').ledger}, line 1"],
    ]


def test_a_folder_without_openings_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["ledger", "--runs-dir", str(tmp_path)]) == 0
    assert (
        capsys.readouterr().out
        == f"No study in {tmp_path} has opened a test split, nor have you elsewhere.\n"
    )


def noted(ledger: Path, weights: str, split: str = SPLIT) -> None:
    """Note an opening in a ledger and in the user's own."""
    own = ledger_at(ledger)
    own.append("2026-01-02T11:30:00Z", Purpose("train", seeds=2), (weights,), OTHER, split)
    user_ledger(os.environ).note(own)


def test_openings_of_this_user_in_other_folders_stand_among_them_once(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noted(tmp_path / "far" / "mine.jsonl", "m")
    noted(RunDirectory(tmp_path / "far" / "four").ledger, "n", "9" * 64)
    for name in ("first", "left", "third"):
        user_ledger(os.environ).note(open_ledger(RunDirectory(runs / name)))
    (tmp_path / "far" / "mine.jsonl").unlink()

    assert exit_code(["ledger", "--runs-dir", str(runs)]) == 0

    _, split, other = capsys.readouterr().out.split("\n\n")
    assert split.startswith("Test split bbbbbbbbbbbb of digits: 3 openings so far; ")
    folder = tmp_path / "far"
    rows = [line.split("  for")[0].rstrip() for line in split.splitlines()[2:]]
    numbers = [(row.split()[0], row.split()[1]) for row in rows]
    assert numbers == [("1", "first"), ("2", "left"), ("3", "mine.jsonl"), ("3", "first")]
    assert f"  3        mine.jsonl in {folder}  2026-01-02 11:30  train a config file, 2 seeds" in (
        split.splitlines()
    )
    assert f"  1        four in {folder}  " in other

    assert exit_code(["ledger", "--json", "--runs-dir", str(runs)]) == 0
    split = json.loads(capsys.readouterr().out)[1]
    assert (split["count"], len(split["openings"])) == (3, 4)
    assert split["openings"][2]["folder"] == str(folder)
    assert split["openings"][0]["folder"] == str(runs)


def test_a_ledger_of_the_user_that_is_off_or_damaged_says_so(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    noted(tmp_path / "far" / "mine.jsonl", "m")
    path = user_ledger(os.environ).path
    assert path is not None
    path.write_bytes(path.read_bytes().replace(b'"m"', b'"k"'))

    assert exit_code(["ledger", "--runs-dir", str(runs)]) == 1
    printed = capsys.readouterr()
    assert "mine" not in printed.out
    assert printed.err.startswith(f"Error: {path}, line 1: the line was changed")

    monkeypatch.setenv("DENSE_STUDY_USER_LEDGER", "off")
    assert exit_code(["ledger", "--runs-dir", str(tmp_path / "none")]) == 0
    printed = capsys.readouterr()
    assert printed.out == f"No study in {tmp_path / 'none'} has opened a test split.\n"
    assert printed.err == (
        "This user's openings in other folders are not counted: $DENSE_STUDY_USER_LEDGER is off.\n"
    )
