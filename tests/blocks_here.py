"""Code blocks that run in the process of the tests, and train in warm ones."""

import shlex
import warnings
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from study.cli import exit_code
from tests.code_blocks import RunProgram, run_program

# What the shell would do something with.
_SHELL = set("|;&<>$`*?(){}")


@pytest.fixture
def in_this_process(
    warm_processes: Any, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[RunProgram]:
    """Run Python and commands of ours as `run_program` does, but in this process.

    Starting Python and TensorFlow is most of what a short command costs. Of the shell it knows
    plain words alone; a real shell runs all that is more.
    """

    def run(language: str, text: str, folder: Path, environment: dict[str, str]) -> str:
        with monkeypatch.context() as patch, warm_processes.lent(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            patch.chdir(folder)
            for name, value in environment.items():
                patch.setenv(name, value)
            if language == "python":
                return _python(text, capfd)
            return "".join(
                _command(lines, capfd)
                if is_ours
                else run_program(language, "\n".join(lines), folder, environment)
                for is_ours, lines in _parted(text)
            )

    return run


def _parted(script: str) -> Iterator[tuple[bool, list[str]]]:
    """Yield the lines of a script in groups: each command of ours alone, and what is between."""
    for line, group in groupby(enumerate(script.replace("\\\n", " ").splitlines()), _own_number):
        yield line is not None, [text for _, text in group]


def _own_number(numbered: tuple[int, str]) -> int | None:
    number, line = numbered
    is_ours = line.startswith("dense-study ") and not _SHELL & set(line.partition(" # ")[0])
    return number if is_ours else None


def _command(lines: list[str], capfd: pytest.CaptureFixture[str]) -> str:
    capfd.readouterr()
    code = exit_code(shlex.split(lines[0], comments=True)[1:])
    said = capfd.readouterr()
    assert code == 0, f"{lines[0]}\n{said.out}\n{said.err}"
    return said.out


def _python(text: str, capfd: pytest.CaptureFixture[str]) -> str:
    capfd.readouterr()
    exec(compile(text, "<block>", "exec"), {"__name__": "__main__"})  # noqa: S102 our own pages
    return capfd.readouterr().out
