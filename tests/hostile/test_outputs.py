"""What a command writes goes where the user says: through links, into pipes, never over a study."""

import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from study.cli import exit_code
from study.run_dir.atomic import write_atomically
from study.run_dir.outputs import write_output
from study.run_dir.paths import RunDirectory

MakeRun = Callable[[Path], RunDirectory]


@pytest.fixture
def run(make_run: MakeRun, tmp_path: Path) -> RunDirectory:
    return make_run(tmp_path / "runs" / "x")


def report(run: RunDirectory, out: Path) -> int:
    return exit_code(["report", run.name, "--out", str(out), "--runs-dir", str(run.root.parent)])


def config(run: RunDirectory, to: Path) -> int:
    asked = ["--config-format", "toml", "--out", str(to), "--runs-dir", str(run.root.parent)]
    return exit_code(["export", run.name, *asked])


WRITERS = pytest.mark.parametrize("write", [report, config])
Write = Callable[[RunDirectory, Path], int]


@WRITERS
def test_a_device_stays_a_device(write: Write, run: RunDirectory, tmp_path: Path) -> None:
    device = tmp_path / "null"
    try:
        os.mknod(device, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
        device.open("wb").close()
    except PermissionError:
        pytest.skip("only root can make devices")
    assert write(run, device) == 0
    assert stat.S_ISCHR(device.stat().st_mode)


@WRITERS
def test_a_pipe_is_written_into(write: Write, run: RunDirectory, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    assert write(run, pipe) == 0
    reader.join(60)
    assert len(read[0]) > 100
    assert pipe.is_fifo()


@WRITERS
@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_followed(write: Write, there: bool, run: RunDirectory, tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    if there:
        target.write_text("old")
    link.symlink_to(target)
    assert write(run, link) == 0
    assert link.is_symlink()
    assert len(target.read_bytes()) > 100
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_linked_report_of_a_run_directory_stays_a_link(run: RunDirectory, tmp_path: Path) -> None:
    run.report.symlink_to(tmp_path / "page.html")
    assert exit_code(["report", "x", "--runs-dir", str(run.root.parent)]) == 0
    assert run.report.is_symlink()
    assert (tmp_path / "page.html").is_file()


def test_a_loop_of_links_is_a_known_fault(
    run: RunDirectory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert config(run, tmp_path / "a") == 1
    assert "cannot be written: Too many levels of symbolic links" in capsys.readouterr().err


def test_a_file_keeps_its_permissions_and_a_new_one_has_the_users(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.touch(0o600)
    write_atomically(private, b"new")
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    write_atomically(tmp_path / "new", b"")
    (tmp_path / "plain").touch()
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_the_longest_name_there_is_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("ä" * 127)
    write_atomically(path, b"x")
    assert path.read_bytes() == b"x"


def test_a_file_that_cannot_be_replaced_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mounted"
    path.write_text("old")

    def busy(*_: object) -> None:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(Path, "replace", busy)
    write_output(path, b"new")
    assert path.read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["mounted"]


OWN = [
    "plan.toml",
    "study.db",
    "study.db-journal",
    "ledger.jsonl",
    "asked.jsonl",
    "space.toml",
    "data.json",
    "lineage.json",
    "confirmation.json",
    "log.txt",
    "workers.txt",
    "lock",
    "weights",
    "weights/a.npz",
    "best/config.toml",
]


@pytest.mark.slow
@WRITERS
@pytest.mark.parametrize("name", OWN)
def test_no_output_replaces_what_a_study_lives_by(
    write: Write, name: str, run: RunDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in run.root.rglob("*") if path.is_file()}
    assert write(run, run.root / name) == 1
    assert "which an output never replaces; allowed: another place" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in run.root.rglob("*") if path.is_file()} == before


@pytest.mark.slow
@WRITERS
def test_nor_does_it_by_a_link_or_in_another_study(
    write: Write, make_run: MakeRun, run: RunDirectory, tmp_path: Path
) -> None:
    other = make_run(tmp_path / "runs" / "y")
    link = tmp_path / "link"
    link.symlink_to(other.database)
    assert write(run, link) == 1
    assert write(run, run.root / ".." / "y" / "study.db") == 1


def test_nor_does_saved_data_or_a_bundle(run: RunDirectory, tmp_path: Path) -> None:
    assert exit_code(["data", "save", "digits", str(run.root / "lineage.json")]) == 1
    runs = ("--runs-dir", str(run.root.parent))
    assert exit_code(["export", "x", "--out", str(run.lineage), *runs]) == 1
    assert not run.lineage.exists()
    ledger = tmp_path / "runs" / "baseline-digits-1" / "ledger.jsonl"
    ledger.parent.mkdir()
    ledger.write_text("")
    assert report(run, ledger) == 1
    assert not ledger.read_text()


def test_other_places_of_a_run_directory_may_be_written(run: RunDirectory) -> None:
    for path in (run.report, run.root / "old.html", run.root / "figures" / "old.html"):
        assert report(run, path) == 0
        assert path.is_file()


def test_data_is_saved_into_a_pipe_through_a_link_and_over_nothing(tmp_path: Path) -> None:
    pipe, link, there = (tmp_path / name for name in ("pipe", "link", "there"))
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    assert exit_code(["data", "save", "digits", str(pipe)]) == 0
    reader.join(60)
    assert read[0].startswith(b"PK")
    link.symlink_to(tmp_path / "target.npz")
    assert exit_code(["data", "save", "digits", str(link)]) == 0
    assert link.is_symlink()
    there.write_text("kept")
    assert exit_code(["data", "save", "digits", str(there)]) == 1
    assert there.read_text() == "kept"
    assert {path.name for path in tmp_path.iterdir()} == {"pipe", "link", "target.npz", "there"}
