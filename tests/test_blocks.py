"""Every code block of the pages and docstrings runs, or says why it does not."""

import doctest
import importlib
import json
import re
import shutil
import tomllib
from pathlib import Path

import pytest

from tests.code_blocks import KEYS, Block, RunProgram, blocks_of, run_blocks

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *ROOT.glob("[be]*/README.md")],
    key=lambda page: page.relative_to(ROOT).as_posix(),
)
BLOCKS = {page.relative_to(ROOT).as_posix(): blocks_of(page.read_text("utf-8")) for page in PAGES}
RUNNING = {page: [b for b in blocks if b.key != "data"] for page, blocks in BLOCKS.items()}
ON_MNIST = [(page, b) for page, blocks in BLOCKS.items() for b in blocks if b.key == "data"]
PLAIN = {"text", "sql", "yaml"}
# Pages whose programs run in processes of their own, as a reader's do: the installed command, and
# Dask, whose workers begin by importing what started them.
AS_A_READER = {"README.md", "docs/start.md", "docs/cluster.md"}
# What must hold after the last block of Python of a page.
AFTER = {
    "docs/python.md": """
assert found.name == 'mine-digits' and found.verdict is None
assert answer.name == 'conv' and answer.record.space.network == 'own'
assert study.open_study('units-digits').record.candidates == 'given'
assert len(rows) == 3 and page.is_file() and len(trained.accuracies) == 2
assert str(study.open_study('digits-smoke').verdict).startswith(
    ("BEATS", "DOES NOT BEAT", "CAN'T TELL"))
""",
}
SOURCES = [
    path for name in ("study", "reports", "search_spaces") for path in (ROOT / name).rglob("*.py")
]
MODULES = sorted(
    path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
    for path in SOURCES
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("page", BLOCKS)
def test_every_block_has_a_language_and_what_is_said_above_it_is_known(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    fences = re.findall(r"^ *(?:`{3,}|~~~)", text, re.MULTILINE)
    assert len(fences) == 2 * len(BLOCKS[page])
    for block in BLOCKS[page]:
        where = f"{page}:{block.line}"
        assert block.key in KEYS, where
        assert block.value or not block.key, where
        assert block.key != "data" or (block.language, block.value) == ("sh", "mnist"), where
        match block.language:
            case "toml":
                assert tomllib.loads(block.text), where
            case "json":
                assert json.loads(block.text), where
            case "python":
                compile(block.text, where, "exec")
            case language:
                assert language in {"sh", *PLAIN} or language.startswith("{"), where


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    "page", [page for page, blocks in RUNNING.items() if any(b.runs for b in blocks)]
)
def test_the_blocks_of_a_page_run_one_after_the_other(
    page: str, tmp_path: Path, in_this_process: RunProgram
) -> None:
    run = None if page in AS_A_READER else in_this_process
    run_blocks(RUNNING[page], tmp_path, {}, AFTER.get(page, ""), run)


@pytest.mark.slow
@pytest.mark.mnist
@pytest.mark.parametrize(("page", "block"), ON_MNIST, ids=[page for page, _ in ON_MNIST])
def test_blocks_about_mnist_run_on_the_real_one(
    page: str, block: Block, tmp_path: Path, mnist_path: Path
) -> None:
    assert "mnist" in block.text, page
    shutil.copy(mnist_path, tmp_path / "mnist.npz")
    run_blocks([block], tmp_path, {"DENSE_STUDY_DATA": str(tmp_path)})


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_give_what_they_say(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted > 0
    assert found.failed == 0


def test_no_docstring_has_a_fenced_block() -> None:
    modules = [
        path
        for one in ("study", "reports", "search_spaces")
        for path in Path(ROOT / one).rglob("*.py")
    ]
    assert [path for path in modules if "```" in path.read_text(encoding="utf-8")] == []


PAGE = """\
<!-- file: a.toml -->
```toml
a = 1
```
Text.
```python
x = 1
```
```python
from pathlib import Path
Path("b").write_text(Path("a.toml").read_text())
```
<!-- not run: it would fail -->
```sh
false
```
```sh
cat b
echo said
```
"""


def test_files_are_written_and_neighbours_run_in_one_process(tmp_path: Path) -> None:
    blocks = blocks_of(PAGE)
    assert [(b.line, b.language, b.key) for b in blocks] == [
        (2, "toml", "file"),
        (6, "python", ""),
        (9, "python", ""),
        (14, "sh", "not run"),
        (17, "sh", ""),
    ]
    assert run_blocks(blocks, tmp_path, {}) == "a = 1\nsaid\n"
    assert run_blocks(blocks[:3], tmp_path, {}, "print(x)") == "1\n"


def test_a_line_that_fails_fails_its_block(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="no such thing"):
        run_blocks([Block(1, "sh", "echo 'no such thing' >&2\nfalse\ntrue\n")], tmp_path, {})
