import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from study.cli import cli
from study.run_dir.paths import RunDirectory

RecordedRun = Callable[..., RunDirectory]


def completed(arguments: list[str], begun: str) -> list[tuple[str, str]]:
    shell = ShellComplete(cli, {}, "dense-study", "_DENSE_STUDY_COMPLETE")
    return [(one.value, one.type) for one in shell.get_completions(arguments, begun)]


@pytest.mark.parametrize("command", ["show", "confirm", "export", "resume", "report", "delete"])
def test_studies_of_the_folder_are_completed(
    recorded_run: RecordedRun, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(recorded_run().root.parent)
    assert completed([command, "--runs-dir", folder], "rec") == [("recorded", "plain")]
    assert completed([command, "--runs-dir", folder], "x") == []
    monkeypatch.setenv("DENSE_STUDY_RUNS_DIR", folder)
    assert completed([command], "") == [("recorded", "plain")]


def test_a_folder_that_is_not_there_completes_nothing(tmp_path: Path) -> None:
    assert completed(["show", "--runs-dir", str(tmp_path / "none")], "") == []


def test_spaces_and_data_are_completed_or_are_files() -> None:
    assert completed(["run"], "fo") == [("four", "plain")]
    assert completed(["run"], "my-") == [("my-", "file")]
    assert completed(["run", "--data"], "dig") == [("digits", "plain")]
    assert completed(["spaces", "show"], "wi") == [("wide", "plain")]


@pytest.mark.slow
def test_the_shell_is_answered_by_the_program(recorded_run: RecordedRun) -> None:
    run = recorded_run()
    asked = {
        **os.environ,
        "_DENSE_STUDY_COMPLETE": "bash_complete",
        "COMP_WORDS": "dense-study show re",
        "COMP_CWORD": "2",
        "DENSE_STUDY_RUNS_DIR": str(run.root.parent),
    }
    program = [str(Path(sys.executable).with_name("dense-study"))]
    done = subprocess.run(program, env=asked, capture_output=True, text=True, check=False)
    assert done.stdout == "plain,recorded\n"
    assert done.stderr == ""
