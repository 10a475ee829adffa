"""The README's commands, as a reader would type them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from search_spaces.read import load_space

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def _commands() -> list[str]:
    return [line for block in _blocks("sh") for line in block.splitlines()]


def _run(command: str, folder: Path, environment: dict[str, str]) -> None:
    program, *arguments = command.split()
    assert program == "dense-study"
    done = subprocess.run(
        [sys.executable, "-m", "study", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def test_make_targets_are_the_only_set_up_commands() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [line.split("#")[0].strip() for line in _blocks("sh")[0].splitlines()] == [
        "make study",
        "make test",
    ]
    for target in ("study", "test"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_every_file_and_folder_it_names_is_there() -> None:
    for target in re.findall(r"\]\((\S+?)\)", README):
        assert (ROOT / target).is_file(), target
    for folder in re.findall(r"^(\w+)/ {2,}\w", README, re.MULTILINE):
        assert (ROOT / folder).is_dir(), folder
    for path in re.findall(r"`((?:study|search_spaces|reports|benchmarks)/[\w/.]*)`", README):
        assert (ROOT / path).exists(), path
    for program in re.findall(r"python (benchmarks/\w+\.py)", README):
        assert (ROOT / program).is_file(), program


def test_the_example_space_loads(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(_blocks("toml")[0])
    assert load_space(str(tmp_path / "mine.toml")).name == "mine"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_command_runs_with_digits_in_place_of_mnist(tmp_path: Path) -> None:
    for name, block in zip(("mine.toml", "cluster.toml"), _blocks("toml"), strict=True):
        (tmp_path / name).write_text(block)
    commands = [line for line in _commands() if not line.startswith("make ")]
    assert len(commands) > 13
    for command in commands:
        _run(re.sub(r"\bmnist$|(?<=--data )mnist\b", "digits", command), tmp_path, {})
    assert (tmp_path / "runs" / "mnist-four" / "best" / "train.py").is_file()


@pytest.mark.slow
@pytest.mark.mnist
@pytest.mark.timeout(600)
@pytest.mark.parametrize("command", _commands()[2:4])
def test_the_tour_begins_on_real_mnist_as_written(
    command: str, tmp_path: Path, mnist_path: Path
) -> None:
    assert "mnist" in command
    shutil.copy(mnist_path, tmp_path / "mnist.npz")
    _run(command, tmp_path, {"DENSE_STUDY_DATA": str(tmp_path)})
