"""Users without a home, folders shut to them, variables that name nothing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from search_spaces.faults import FaultError
from study.cli import exit_code
from study.data.load import load_data
from study.data.places import download_folder, keras_folder
from study.run_dir.paths import RunDirectory

MakeRun = Callable[[Path], RunDirectory]
NOBODY = 65534
# A user id that no machine's list of users has.
UNKNOWN = 1_234_567

root_only = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None, reason="another user needs root"
)


def as_user(user: int, arguments: list[str], cwd: Path, **environ: str) -> tuple[int, str, str]:
    """Run the command line as another user, with no variable but these."""
    command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", sys.executable]
    done = subprocess.run(
        [*command, "-m", "study", *arguments],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2]), **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "KERAS_HOME", "XDG_CACHE_HOME", "DENSE_STUDY_DATA"):
        monkeypatch.delenv(name, raising=False)

    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", unknown)


@pytest.mark.usefixtures("homeless")
def test_without_a_home_data_lies_where_variables_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert keras_folder({}) is None
    assert download_folder({}) is None
    assert exit_code(["data", "list"]) == 0
    assert exit_code(["data", "check", "digits"]) == 0
    assert exit_code(["data", "save", "digits", str(tmp_path / "mnist.npz")]) == 0
    monkeypatch.setenv("DENSE_STUDY_DATA", str(tmp_path))
    capsys.readouterr()
    assert exit_code(["data", "list"]) == 0
    assert f"  {tmp_path / 'mnist.npz'}\n" in capsys.readouterr().out
    assert exit_code(["data", "check", "mnist"]) == 1
    assert "these are not the arrays of mnist" in capsys.readouterr().err


@pytest.mark.usefixtures("homeless")
def test_without_a_home_nothing_is_downloaded(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["data", "check", "mnist"]) == 1
    assert capsys.readouterr().err == (
        "Error: mnist: it is not on this machine, and there is no home folder to download it to; "
        "allowed: a file by --data PATH, or mnist.npz in the folder $DENSE_STUDY_DATA names, "
        "or a folder in $XDG_CACHE_HOME\n"
    )


@root_only
@pytest.mark.slow
def test_a_user_whom_the_system_does_not_know_can_work(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    code, out, err = as_user(UNKNOWN, ["data", "list"], Path("/"))
    assert (code, err) == (0, "")
    assert "not on this machine" in out


@pytest.mark.parametrize("kind", ["missing", "file", "x" * 5000])
def test_a_variable_that_names_no_folder_is_reported(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    folder = str(tmp_path / kind)
    with pytest.raises(FaultError, match=r"^\$DENSE_STUDY_DATA: names no folder; got '"):
        load_data("mnist", {"DENSE_STUDY_DATA": folder, "HOME": str(tmp_path)})
    monkeypatch.setenv("DENSE_STUDY_DATA", folder)
    assert exit_code(["data", "list"]) == 0
    assert capsys.readouterr().out.count("$DENSE_STUDY_DATA: names no folder") == 2
    assert exit_code(["data", "check", "digits"]) == 0


@pytest.fixture
def shared(make_run: MakeRun, tmp_path: Path) -> Path:
    """A folder for all: a study to read, one whose folder is shut, one whose files are."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == "root" and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    for name in ("open", "private", "sealed"):
        make_run(tmp_path / "runs" / name)
    for path in (tmp_path / "runs" / "sealed").iterdir():
        path.chmod(0o600)
    (tmp_path / "runs" / "private").chmod(0o700)
    return tmp_path


@root_only
@pytest.mark.slow
def test_a_private_study_of_another_user_is_in_nobodys_way(shared: Path) -> None:
    code, out, err = as_user(NOBODY, ["list"], shared)
    assert code == 1
    assert [line.split()[0] for line in out.splitlines()] == ["study", "open"]
    plan = "runs/sealed/plan.toml"
    assert err.splitlines() == [
        "runs/private: not looked at, since its owner keeps it shut",
        f"Error: {plan}: cannot be read: [Errno 13] Permission denied: '{plan}'",
    ]
    code, out, err = as_user(NOBODY, ["show", "open"], shared)
    assert (code, err) == (0, "")
    assert "95.00" in out
    code, _, err = as_user(NOBODY, ["show", "missing"], shared)
    assert (code, err) == (1, "Error: runs: no such study; got missing; allowed: open, sealed\n")
    for name in ("private", "sealed"):
        for command in ("show", "delete", "confirm"):
            code, _, err = as_user(NOBODY, [command, name], shared)
            assert code == 1
            assert err.count("\n") == 1
            assert "Permission denied" in err


def _changed(folder: Path) -> dict[str, int]:
    """Return when each file of a folder last changed, in nanoseconds, by name."""
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


@root_only
@pytest.mark.slow
def test_what_may_be_read_alone_is_read_alone(shared: Path) -> None:
    before = _changed(shared / "runs" / "open")
    page = Path("/tmp") / f"{shared.name}.html"  # noqa: S108 anybody may write there
    code, _, err = as_user(NOBODY, ["report", "open", "--out", str(page)], shared)
    page.unlink()
    assert (code, err) == (0, "")
    for arguments in (["report", "open"], ["delete", "open", "--yes"], ["resume", "open"]):
        code, _, err = as_user(NOBODY, arguments, shared)
        assert code == 1
        assert "cannot be written: Permission denied" in err
    assert _changed(shared / "runs" / "open") == before


@root_only
@pytest.mark.slow
def test_a_shut_runs_folder_is_a_known_fault(shared: Path) -> None:
    (shared / "runs").chmod(0o700)
    code, _, err = as_user(NOBODY, ["list"], shared)
    assert code == 2
    assert "Directory 'runs' is not readable." in err
    (shared / "runs").chmod(0o744)
    for arguments in (["list"], ["show", "open"], ["run", "smoke", "--name", "new"]):
        code, _, err = as_user(NOBODY, arguments, shared)
        assert code == (0 if arguments == ["list"] else 1)
        assert "Permission denied" in err or arguments == ["list"]
