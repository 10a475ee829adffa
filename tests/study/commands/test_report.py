import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from study.cli import exit_code
from study.commands import report
from study.run_dir.changes import is_running, watch
from study.run_dir.paths import RunDirectory

RecordedRun = Callable[..., RunDirectory]


def written(run: RunDirectory, *arguments: str) -> list[str]:
    asked = [run.name, *arguments, "--runs-dir", str(run.root.parent)]
    printed = CliRunner().invoke(report.command, asked, catch_exceptions=False).stdout
    # The size is plotly.js's, mostly.
    return re.sub(r"\(\d\.\d MB\)", "(SIZE)", printed).splitlines()


def test_the_page_goes_into_the_run_directory(recorded_run: RecordedRun) -> None:
    run = recorded_run()
    assert written(run) == [f"Report: {run.report} (SIZE)"]
    html = run.report.read_text("utf-8")
    assert "<title>recorded · dense-study</title>" in html
    assert "Trial 3 is ahead by +3.75 points on validation" in html


def test_the_page_goes_where_it_is_asked_to(recorded_run: RecordedRun, tmp_path: Path) -> None:
    run = recorded_run()
    out = tmp_path / "pages" / "page.html"
    assert written(run, "--out", str(out)) == [f"Report: {out} (SIZE)"]
    assert out.is_file()
    assert not run.report.exists()


def test_writing_again_gives_the_same_bytes(recorded_run: RecordedRun) -> None:
    run = recorded_run()
    written(run)
    first = run.report.read_bytes()
    written(run)
    assert run.report.read_bytes() == first


def test_several_studies_go_side_by_side(recorded_run: RecordedRun, tmp_path: Path) -> None:
    one = recorded_run("one")
    recorded_run("two", trials=2)
    page = tmp_path / "runs" / "one-vs-two.html"
    assert written(one, "two", "one") == [f"Report: {page} (SIZE)"]
    assert "<h1>one, two</h1>" in page.read_text("utf-8")


def test_all_missing_studies_are_named_at_once(
    recorded_run: RecordedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded_run()
    runs = tmp_path / "runs"
    assert exit_code(["report", "recorded", "no1", "no2", "--runs-dir", str(runs)]) == 1
    assert capsys.readouterr().err == (
        f"Error: {runs}: no such study; got no1; allowed: recorded\n"
        f"{runs}: no such study; got no2; allowed: recorded\n"
    )
    assert sorted(path.name for path in runs.iterdir()) == ["recorded"]


def test_many_long_names_make_a_short_file_name(recorded_run: RecordedRun, tmp_path: Path) -> None:
    runs = tuple(RunDirectory(tmp_path / ("n" * 60 + str(i))) for i in range(3))
    assert re.fullmatch(r"compare-[0-9a-f]{12}\.html", report.comparison_path(tmp_path, runs).name)
    assert recorded_run().exists()


def test_watching_several_studies_is_a_wrong_use(recorded_run: RecordedRun, tmp_path: Path) -> None:
    recorded_run("one")
    recorded_run("two")
    runs = str(tmp_path / "runs")
    assert exit_code(["report", "one", "two", "--watch", "--runs-dir", runs]) == 2
    assert exit_code(["report", "one", "two", "--images", runs, "--runs-dir", runs]) == 2
    assert list((tmp_path / "runs").glob("*.html")) == []


def test_an_unwritable_place_is_a_known_fault(
    recorded_run: RecordedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = recorded_run()
    (tmp_path / "file").write_text("")
    out = tmp_path / "file" / "page.html"
    arguments = ["report", "recorded", "--out", str(out), "--runs-dir", str(run.root.parent)]
    assert exit_code(arguments) == 1
    assert capsys.readouterr().err.startswith(f"Error: {out}: cannot be written: ")


def test_the_browser_is_asked_for_the_file(
    recorded_run: RecordedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = recorded_run()
    opened: list[str] = []
    monkeypatch.setattr(report.webbrowser, "open", opened.append)
    written(run, "--open")
    assert opened == [run.report.resolve().as_uri()]


def test_watching_a_study_that_nobody_runs_ends_with_a_still_page(
    recorded_run: RecordedRun,
) -> None:
    run = recorded_run()
    assert written(run, "--watch")[-1] == "Watching recorded: Ctrl-C ends it."
    assert "data-live=" not in run.report.read_text("utf-8").partition("<main")[0]


def running(run: RunDirectory) -> subprocess.Popen[str]:
    """Start a process that holds the study until it is ended."""
    code = (
        "import pathlib, sys, time\n"
        "from study.run_dir.lock import locked\n"
        "from study.run_dir.paths import RunDirectory\n"
        "with locked(RunDirectory(pathlib.Path(sys.argv[1]))):\n"
        "    print('held', flush=True); time.sleep(3600)\n"
    )
    command = [sys.executable, "-c", code, str(run.root)]
    owner = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "held\n"
    owner.stdout.close()
    return owner


@pytest.mark.slow
def test_watching_writes_at_each_change_and_stops_with_the_study(recorded_run: RecordedRun) -> None:
    run = recorded_run()
    owner = running(run)
    assert is_running(run)
    wrote: list[int] = []

    def write(live: int) -> None:
        wrote.append(live)
        if len(wrote) == 1:
            # A trial was recorded: the file that names the trials asked grew.
            run.asked.write_text("{}\n")
        if len(wrote) == 2:
            owner.kill()
            owner.wait()

    try:
        watch(run, write, every=1)
    finally:
        owner.kill()
        owner.wait()
    assert wrote == [1, 1, 0]
    assert not is_running(run)


def test_a_watch_that_is_stopped_leaves_a_still_page(recorded_run: RecordedRun) -> None:
    run = recorded_run()
    owner = running(run)
    wrote: list[int] = []

    def write(live: int) -> None:
        wrote.append(live)
        if live:
            raise KeyboardInterrupt

    try:
        with pytest.raises(KeyboardInterrupt):
            watch(run, write, every=1)
    finally:
        owner.kill()
        owner.wait()
    assert wrote == [1, 0]
