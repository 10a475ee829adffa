"""What an interruption leaves is no study, and goes away."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from study.cli import exit_code
from study.coordinator.trial_log import TrialLog
from study.file_system import process_mark
from study.run_dir.leftovers import on_its_way_in, on_its_way_out, sweep_files, sweep_folders
from study.run_dir.paths import RunDirectory

OLD_RUNS = Path(__file__).parents[1] / "study" / "old_runs.tar.xz"


@pytest.fixture(scope="module")
def gone() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A folder with the studies `old-done` and `old-stopped`."""
    shutil.unpack_archive(OLD_RUNS, tmp_path / "runs", filter="data")
    return tmp_path / "runs"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_an_interrupted_delete_leaves_no_study_and_its_rest_goes_with_the_next_command(
    runs, gone, monkeypatch
):
    run = RunDirectory(runs / "old-done")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        assert exit_code(["delete", "old-done", "--yes", "--runs-dir", str(runs)]) == 130
    away = on_its_way_out(run.root)
    (left,) = runs.glob("old-done-*.ledger.jsonl")  # what it opened still counts
    assert names(runs) == [away.name, left.name, "old-stopped"]
    assert exit_code(["show", "old-done", "--runs-dir", str(runs)]) == 1

    sweep_folders(runs)
    assert away.is_dir()  # its process may still be at it
    away.rename(runs / f".deleted-{gone}-old-done")
    sweep_folders(runs)
    assert names(runs) == [left.name, "old-stopped"]


def test_an_interrupted_extend_leaves_nothing_and_can_be_repeated(runs, gone, monkeypatch):
    asked = ["extend", "old-done", "--space", "four", "--name", "new", "--runs-dir", str(runs)]

    def stop(_log: TrialLog) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(TrialLog, "show_all", stop)
        assert exit_code(asked) == 130
    assert names(runs) == ["old-done", "old-stopped"]

    # What a killed one leaves.
    left = on_its_way_in(runs / "new").parent
    killed = runs / left.name.replace(f"-{os.getpid()}-", f"-{gone}-")
    (killed / "new").mkdir(parents=True)
    assert exit_code(asked) == 0
    assert names(runs) == ["new", "old-done", "old-stopped"]
    plan = (runs / "new" / "plan.toml").read_text()
    assert exit_code(asked) == 1
    assert (runs / "new" / "plan.toml").read_text() == plan


@pytest.mark.parametrize("rest", ["asked.jsonl", "study.db", "confirmation.json"])
def test_files_of_a_study_without_a_plan_become_no_part_of_another(runs, rest, capsys):
    folder = runs / "old-done"
    for path in folder.iterdir():
        if path.name != rest:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    before = (folder / rest).read_bytes()

    command = ["run", "smoke", "--name", "old-done", "--trials", "1", "--runs-dir", str(runs)]
    assert exit_code(command) == 1
    assert capsys.readouterr().err == (
        "stage 1 of 7: start\n"
        f"Error: {folder}: holds files of a study and no plan, as something interrupted or deleted "
        f"leaves it; got {rest}; allowed: another --name, or delete the folder\n"
    )
    assert (folder / rest).read_bytes() == before
    assert not (folder / "plan.toml").exists()


def test_temporary_files_of_processes_that_are_gone_are_removed_and_no_others(runs, gone):
    run = RunDirectory(runs / "old-done")
    before = names(run.root)
    for name in ("plan.toml", "confirmation.json", "report.html"):
        (run.root / f".{name}.{gone}.x8f3k2_q").write_text("half")
        for mark in (os.getpid(), process_mark()):
            (run.root / f".{name}.{mark}.x8f3k2_q").write_text("half")
        # Another process had our number, as the first one of a container always has.
        (run.root / f".{name}.{os.getpid()}-1.x8f3k2_q").write_text("half")
    (run.root / f".best.{gone}.abcdefgh" / "bundle").mkdir(parents=True)
    run.weights.mkdir(exist_ok=True)
    (run.weights / f".{'a' * 32}.{gone}.abcdefgh").write_text("half")
    (run.root / ".hidden").write_text("somebody's own")

    sweep_files(run)

    kept = [
        f".{name}.{mark}.x8f3k2_q"
        for name in ("plan.toml", "confirmation.json", "report.html")
        for mark in (os.getpid(), process_mark())
    ]
    assert sorted([*before, ".hidden", *kept]) == names(run.root)
    assert [name for name in names(run.weights) if name.startswith(".")] == []


def test_what_an_output_left_that_was_killed_goes_with_the_next_one_to_that_place(runs, gone):
    place = runs / "elsewhere"
    place.mkdir()
    for target in ("page.html", "data.npz"):
        for mark in (gone, f"{gone}-77", process_mark()):
            (place / f".{target}.{mark}.abcdefgh").write_text("half")
    (place / f".other.html.{gone}.abcdefgh").write_text("half")

    page, data = str(place / "page.html"), str(place / "data.npz")
    assert exit_code(["report", "old-done", "--out", page, "--runs-dir", str(runs)]) == 0
    assert exit_code(["data", "save", "digits", data]) == 0

    mark = process_mark()
    assert set(names(place)) == {
        *("page.html", "data.npz", f".other.html.{gone}.abcdefgh"),
        *(f".page.html.{mark}.abcdefgh", f".data.npz.{mark}.abcdefgh"),
    }
