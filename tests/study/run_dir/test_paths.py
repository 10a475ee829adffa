"""The run directory owns its paths, writes whole files or none, and has one owner."""

import os
import subprocess
import sys

import pytest

from search_spaces.faults import FaultError
from study.run_dir.lock import locked
from study.run_dir.names import check_study_name
from study.run_dir.paths import RunDirectory


@pytest.mark.parametrize("name", ["a", "four-digits", "A.b_c-9", "x" * 80])
def test_a_safe_name_is_a_study_name(name):
    assert check_study_name(name) == name


@pytest.mark.parametrize("name", ["", ".", "..", ".x", "-x", "a/b", "a\nb", "a b", "ä", "x" * 81])
def test_any_other_name_is_refused(name):
    with pytest.raises(FaultError) as caught:
        check_study_name(name)
    allowed = "1-80 letters, digits, '.', '_' and '-', a letter or digit first"
    assert str(caught.value) == f"--name: not a study name; got {name!r}; allowed: {allowed}"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    run = RunDirectory(tmp_path)
    run.write_text(run.report, "old")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FaultError) as caught:
        run.write_text(run.report, "new")
    assert str(caught.value) == f"{run.report}: cannot be written: No space left on device"
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert run.report.read_text() == "old"


def test_a_second_owner_is_refused_with_the_first_ones_pid_and_a_dead_one_is_none(tmp_path):
    run = RunDirectory(tmp_path)
    hold = (
        "import sys, pathlib; from study.run_dir.lock import locked; "
        "from study.run_dir.paths import RunDirectory\n"
        "with locked(RunDirectory(pathlib.Path(sys.argv[1]))):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", hold, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"held\n"
        with pytest.raises(FaultError) as caught, locked(run):
            pass
        what = f"another process (pid {owner.pid}) is running this study"
        allowed = "wait for its end, or stop it"
        assert str(caught.value) == f"{tmp_path}: {what}; allowed: {allowed}"
        owner.kill()
    with locked(run):
        assert run.lock.read_text() == str(os.getpid())
