"""What docs/own-data.md shows works as it stands there."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import study
from search_spaces.data_source import DATA_KEYS
from search_spaces.read import load_space
from study.cli import exit_code

PAGE = (Path(__file__).parents[1] / "docs" / "own-data.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with the page's table and its space."""
    rng = np.random.default_rng(0)
    rows = (f"{row},{rng.random() / 2 + row % 2 / 2:.3f},{'ab'[row % 2]}" for row in range(150))
    (tmp_path / "flowers.csv").write_text("\n".join(["id,length,kind", *rows]))
    (tmp_path / "flowers.toml").write_text(blocks("toml")[0])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shortened(command: str) -> list[str]:
    few = ["--no-confirm", "--jobs", "1"] if command.startswith("dense-study run") else []
    return [*command.replace("--trials 20", "--trials 1").split()[1:], *few]


@pytest.mark.slow
@pytest.mark.usefixtures("here")
def test_every_command_of_the_page_runs() -> None:
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(commands) == 3
    for command in commands:
        assert exit_code(shortened(command)) == 0, command


@pytest.mark.slow
@pytest.mark.usefixtures("here")
def test_the_python_of_the_page_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    whole: Callable[..., object] = study.run

    def short(*given: object, **options: object) -> object:
        return whole(*given, **{**options, "trials": 1, "confirm": False, "jobs": 1})

    monkeypatch.setattr(study, "run", short)
    (block,) = blocks("python")
    names: dict[str, object] = {}
    exec(block, names)  # noqa: S102 the page's own lines
    assert isinstance(names["found"], study.Study)


def test_the_space_of_the_page_says_what_the_page_says(here: Path) -> None:
    data = load_space(str(here / "flowers.toml")).data
    assert data is not None
    assert (data.source, data.options.drop) == (str(here / "flowers.csv"), ("id",))


def test_every_key_of_data_is_in_the_table_of_options() -> None:
    assert {key for key in DATA_KEYS if key != "source"} == {
        key for _, key in re.findall(r"^\| `(--[\w-]+) \w+` \| `(\w+)` \|", PAGE, re.MULTILINE)
    }
