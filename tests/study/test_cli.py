"""The command line's frame: lazy imports, exit codes, one message a fault."""

import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from search_spaces.faults import fault
from study import cli
from tests.study.conftest import MakeStudy

HEAVY = ("tensorflow", "keras", "optuna", "sklearn", "plotly", "numpy")


def _modules_after(arguments: list[str], cwd: Path) -> tuple[int, set[str]]:
    code = (
        "import sys; from study.cli import exit_code\n"
        f"code = exit_code({arguments!r})\n"
        "print(' '.join(sys.modules), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, check=False
    )
    return done.returncode, set(done.stderr.rsplit("\n", 2)[-2].split())


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code, modules = _modules_after(["--help"], tmp_path)
    assert code == 0
    assert modules.isdisjoint(HEAVY)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["spaces", "check", "four"], ["list"], ["data", "list"]])
def test_commands_that_train_nothing_never_import_tensorflow(
    arguments: list[str], tmp_path: Path
) -> None:
    code, modules = _modules_after(arguments, tmp_path)
    assert code == 0
    assert modules.isdisjoint({"tensorflow", "keras"})
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_run_starts_its_workers_before_it_imports_what_takes_long() -> None:
    code = "import sys, study.workflows.run, study.commands.run; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    slow = {"tensorflow", "keras", "optuna", "sklearn", "plotly", "scipy", "sqlalchemy"}
    assert set(done.stdout.split()).isdisjoint(slow)


@pytest.mark.slow
def test_whoever_looks_at_a_study_waits_for_no_optuna(
    make_study: MakeStudy, tmp_path: Path
) -> None:
    make_study(tmp_path / "runs" / "s")
    code, modules = _modules_after(["show", "s"], tmp_path)
    assert code == 0
    assert modules.isdisjoint({"optuna", "sqlalchemy", "scipy.stats", "plotly", "jinja2"})


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_every_command_of_the_table_can_be_had_and_explains_itself(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.exit_code([name, "--help"]) == 0
    assert f"Usage: dense-study {name}" in capsys.readouterr().out


# What these do lies in files or in a browser; there is nothing that a program would read.
NOTHING_TO_READ = {"report", "extend", "delete", "dashboard"}


@pytest.mark.parametrize("name", sorted(set(cli.COMMANDS) - NOTHING_TO_READ))
def test_every_command_that_reports_prints_for_programs_too(name: str) -> None:
    command = cli.cli.get_command(click.Context(cli.cli), name)
    assert command is not None
    parts = list(command.commands.values()) if isinstance(command, click.Group) else [command]
    options = {option for part in parts for one in part.params for option in one.opts}
    assert "--json" in options


@pytest.mark.parametrize("arguments", [["nonsense"], ["--nonsense"], ["spaces", "--nonsense"]])
def test_a_wrong_flag_or_command_is_a_usage_error(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.exit_code(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Usage: dense-study" in captured.err
    assert "No such" in captured.err


def _command_that(raises: BaseException) -> click.Command:
    @click.command()
    def command() -> None:
        raise raises

    return command


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (
            fault("a.toml: [fixed]", "unknown key", "x", "y"),
            1,
            "Error: a.toml: [fixed]: unknown key; got x; allowed: y\n",
        ),
        (KeyboardInterrupt(), 130, "Stopped.\n"),
        (click.Abort(), 130, "Stopped.\n"),
    ],
)
def test_every_error_ends_in_one_message_and_its_exit_code(
    error: BaseException, code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.exit_code([], _command_that(error)) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.lstrip("\n") == message


def test_a_bug_is_one_line_on_screen_and_a_traceback_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert cli.exit_code([], _command_that(ZeroDivisionError("oops"))) == 3
    (log,) = tmp_path.iterdir()
    assert capsys.readouterr().err == (
        f"Bug in dense-study: ZeroDivisionError: oops; the traceback is in {log}\n"
    )
    assert "Traceback (most recent call last)" in log.read_text()


def test_a_command_gives_its_exit_code() -> None:
    @click.command()
    def gate() -> int:
        return 4

    assert cli.exit_code([], gate) == 4


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("lits", " (did you mean list?)"), ("xyzzy", ""), ("Show", " (did you mean show?)")],
)
def test_a_mistyped_command_is_answered_with_what_was_perhaps_meant(
    typed: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.exit_code([typed]) == 2
    assert capsys.readouterr().err.endswith(f"Error: No such command '{typed}'{meant}.\n")


def _all_commands(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for sub in command.list_commands(context):
            below = command.get_command(context, sub)
            assert below is not None
            yield from _all_commands(f"{name} {sub}", below)


def _examples() -> Iterator[tuple[str, str]]:
    context = click.Context(cli.cli)
    for top in cli.COMMANDS:
        found = cli.cli.get_command(context, top)
        assert found is not None
        for name, command in _all_commands(top, found):
            head, *lines = (command.epilog or "").split("\n  ")
            assert head in ("\b\nExample:", "\b\nExamples:"), f"{name} has no example"
            yield from ((name, line) for line in lines)


@pytest.mark.parametrize(("name", "example"), list(_examples()))
def test_every_command_has_examples_that_are_command_lines_of_its_own(
    name: str,
    example: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in ("best.toml", "seven.png", "my-space.toml", "runs/four-digits/best/manifest.json"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    assert cli.exit_code([*name.split(), "--help"]) == 0
    assert f"  {example}\n" in capsys.readouterr().out
    program, *words = shlex.split(example.partition(" > ")[0])
    assert program == "dense-study"
    command: click.Command = cli.cli
    context = click.Context(command, info_name=program)
    for _ in name.split():
        assert isinstance(command, click.Group)
        found = command.get_command(context, words.pop(0))
        assert found is not None
        command = found
    if isinstance(command, click.Group) and words:
        return  # the command below has the example for itself
    command.make_context(name, words, parent=context)
