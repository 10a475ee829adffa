import json
from collections.abc import Callable
from pathlib import Path

import pytest

from study.cli import exit_code
from study.run_dir.paths import RunDirectory

RecordedRun = Callable[..., RunDirectory]


def test_studies_stand_below_each_other(
    tmp_path: Path, recorded_run: RecordedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded_run("second-study")
    recorded_run("first", trials=0)
    (tmp_path / "runs" / "no-study").mkdir()
    (tmp_path / "runs" / "page.html").write_text("x")
    assert exit_code(["list", "--runs-dir", str(tmp_path / "runs")]) == 0
    assert capsys.readouterr().out == (
        "study         data    trials  best (validation)  baseline  answer         "
        "started (UTC)\n"
        "first         digits  0 of 4  -                  -         not confirmed  "
        "2026-01-02 03:04\n"
        "second-study  digits  4 of 4  93.75 %, n = 240   90.00 %   not confirmed  "
        "2026-01-02 03:04\n"
    )


def test_an_empty_folder_says_how_to_begin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = tmp_path / "runs"
    assert exit_code(["list", "--runs-dir", str(runs)]) == 0
    assert capsys.readouterr().out == f"No studies in {runs}. Start one: dense-study run\n"
    assert not runs.exists()


def test_a_damaged_study_hides_no_other(
    tmp_path: Path, recorded_run: RecordedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded_run("good")
    bad = recorded_run("bad")
    bad.data.write_text("{")
    assert exit_code(["list", "--runs-dir", str(tmp_path / "runs")]) == 1
    printed = capsys.readouterr()
    assert printed.out.splitlines()[1].startswith("good ")
    assert printed.err.startswith(f"Error: {bad.data}: is not JSON: ")
    assert printed.err.count("\n") == 1


def test_programs_get_objects(
    tmp_path: Path, recorded_run: RecordedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded_run("second-study")
    recorded_run("first", trials=0)
    recorded_run("bad").data.write_text("{")

    assert exit_code(["list", "--json", "--runs-dir", str(tmp_path / "runs")]) == 1

    printed = capsys.readouterr()
    first, second = json.loads(printed.out)
    assert printed.err.count("\n") == 1
    assert (first["name"], first["best"], first["answer"]) == ("first", None, None)
    assert (second["trials"], second["trials_asked"]) == (4, 4)
    assert second["best"]["accuracy"] == pytest.approx(0.9375)
    assert second["best"]["n"] == 240
    assert second["baseline"] == {"accuracy": pytest.approx(0.9), "n": 240}


def test_an_empty_folder_is_an_empty_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["list", "--json", "--runs-dir", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out) == []
