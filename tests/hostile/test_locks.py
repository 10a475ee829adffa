"""The lock is asked, not what stands in its file; file systems without flock have another way."""

import errno
import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from search_spaces.faults import FaultError
from study.cli import exit_code
from study.run_dir.atomic import write_atomically
from study.run_dir.changes import is_running, watch
from study.run_dir.json_lines import JsonLines
from study.run_dir.lock import locked
from study.run_dir.paths import RunDirectory
from study.workflows.workers import claimed

MakeRun = Callable[[Path], RunDirectory]

HOLD = """
import fcntl, pathlib, sys, time
from study.run_dir.lock import locked
from study.run_dir.paths import RunDirectory
def refuse(*_):
    raise OSError(38, "Function not implemented")
if sys.argv[2] == "without flock":
    fcntl.flock = refuse
with locked(RunDirectory(pathlib.Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(120)
"""


def refuse(code: int) -> Callable[..., Any]:
    def refused(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return refused


@pytest.mark.parametrize("content", [b"1", b"\xff\xfe\x00", b"9" * 100_000, b"-1", b"x\n" * 9, b""])
def test_what_stands_in_a_lock_file_holds_nothing(
    content: bytes, make_run: MakeRun, tmp_path: Path
) -> None:
    run = make_run(tmp_path / "runs" / "x")
    run.lock.write_bytes(content)
    wrote: list[int] = []
    watch(run, wrote.append, every=1)
    assert wrote == [0]
    with locked(run):
        assert run.lock.read_text() == str(os.getpid())
        assert is_running(run)
    assert exit_code(["delete", "x", "--yes", "--runs-dir", str(run.root.parent)]) == 0
    assert not run.root.exists()


def test_a_held_lock_counts_whatever_its_file_says(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path)
    for content in (b"", b"\xff", b"4294967295"):
        with locked(run):
            run.lock.write_bytes(content)
            assert is_running(run)
            with pytest.raises(FaultError, match="is running this study"), locked(run):
                pass


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_a_lock_that_is_no_file_is_a_known_fault(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    run = RunDirectory(tmp_path)
    make(run.lock)
    with pytest.raises(FaultError, match="cannot be written"), locked(run):
        pass


@pytest.mark.parametrize("way", ["with flock", "without flock"])
def test_a_second_owner_is_refused_with_or_without_flock(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = RunDirectory(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path), way], stdout=subprocess.PIPE
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"held\n"
        if way == "without flock":
            monkeypatch.setattr(fcntl, "flock", refuse(errno.ENOSYS))
        assert is_running(run)
        with pytest.raises(FaultError, match=rf"another process \(pid {owner.pid}\)"), locked(run):
            pass
        owner.kill()
        owner.wait()
        assert not is_running(run)
        with locked(run):
            pass


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK])
def test_without_flock_everything_goes_on(
    code: int, make_run: MakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fcntl, "flock", refuse(code))
    run = make_run(tmp_path / "runs" / "x")
    lines = JsonLines(tmp_path / "lines")
    lines.append(b"{}\n")
    assert lines.read() == (b"{}\n", b"")
    runs = ("--runs-dir", str(run.root.parent))
    assert exit_code(["report", "x", "--watch", *runs]) == 0
    assert exit_code(["delete", "x", "--yes", *runs]) == 0


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.ENOLCK])
def test_without_any_locks_a_study_is_read_and_not_written(
    code: int,
    make_run: MakeRun,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = make_run(tmp_path / "runs" / "x")
    JsonLines(run.asked).append(b"{}\n")
    monkeypatch.setattr(fcntl, "flock", refuse(code))
    monkeypatch.setattr(fcntl, "lockf", refuse(code))
    runs = ("--runs-dir", str(run.root.parent))
    assert JsonLines(run.asked).read() == (run.asked.read_bytes(), b"")
    for arguments in (["delete", "x", "--yes"], ["resume", "x"], ["run", "--name", "y"]):
        assert exit_code([*arguments, *runs]) == 1
        message = capsys.readouterr().err
        assert f"its file system has no locks: {os.strerror(code)}" in message
        assert "allowed: a --runs-dir on another one" in message
    with pytest.raises(FaultError, match="cannot be written"):
        JsonLines(run.asked).append(b"{}\n")


def test_a_file_system_without_sync_modes_or_links_is_written_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", refuse(errno.EINVAL))
    monkeypatch.setattr(os, "chmod", refuse(errno.EPERM))
    monkeypatch.setattr(os, "link", refuse(errno.EPERM))
    monkeypatch.setattr(Path, "chmod", refuse(errno.EPERM))
    monkeypatch.setattr(Path, "hardlink_to", refuse(errno.EPERM))
    write_atomically(tmp_path / "a", b"x")
    JsonLines(tmp_path / "b").append(b"{}\n")
    for expected in (0, 1):
        assert exit_code(["data", "save", "digits", str(tmp_path / "c.npz")]) == expected
    assert {path.name for path in tmp_path.iterdir()} == {"a", "b", "c.npz"}


def test_a_failing_disk_is_no_lacking_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", refuse(errno.EIO))
    with pytest.raises(OSError, match="Input/output error"):
        write_atomically(tmp_path / "a", b"x")
    with pytest.raises(FaultError, match="Input/output error"):
        JsonLines(tmp_path / "b").append(b"{}\n")


@pytest.mark.slow
def test_of_those_that_begin_at_once_the_losers_take_nothing_away(tmp_path: Path) -> None:
    for attempt in range(50):
        run = RunDirectory(tmp_path / f"runs{attempt}" / "x")
        together, ended = threading.Barrier(3), threading.Semaphore(0)
        won: list[int] = []

        def compete(
            number: int,
            run: RunDirectory = run,
            together: threading.Barrier = together,
            ended: threading.Semaphore = ended,
            won: list[int] = won,
        ) -> None:
            together.wait()
            try:
                with claimed(run):
                    run.write_text(run.space, "space")
                    assert ended.acquire(timeout=60)
                    assert ended.acquire(timeout=60)
                    run.write_text(run.plan, "plan")
                    won.append(number)
            except FaultError:
                ended.release()

        threads = [threading.Thread(target=compete, args=(number,)) for number in range(3)]
        for one in threads:
            one.start()
        for one in threads:
            one.join(120)
        assert len(won) == 1
        assert {path.name for path in run.root.iterdir()} == {"lock", "plan.toml", "space.toml"}


def test_what_was_there_before_a_failed_beginning_stays(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path / "runs" / "x")
    run.create()
    (run.root / "notes").write_text("mine")

    def fail() -> None:
        with claimed(run):
            run.write_text(run.space, "space")
            run.shared_data.mkdir()
            raise FaultError

    for _ in range(2):
        with pytest.raises(FaultError):
            fail()
        assert {path.name for path in run.root.iterdir()} == {"notes"}
    fresh = RunDirectory(tmp_path / "other" / "deep" / "x")
    with pytest.raises(FaultError), claimed(fresh):
        raise FaultError
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]
