"""The example notebooks: kept without outputs, and every cell runs."""

import json
from pathlib import Path

import nbformat
import pytest

from tests.notebooks import LIMIT_SECONDS, executed, output_of, reply_to, running_kernel

EXAMPLES = Path(__file__).parents[1] / "examples"
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))
ANSWERS = ("BEATS", "DOES NOT BEAT", "CAN'T TELL")
# One call, in a file of its own folder, that would take far too long.
ENDLESS = "import study\nfound = study.run('smoke', 'digits', name='cut', trials={}, confirm=False)"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_sound_and_kept_without_outputs(path: Path) -> None:
    read = nbformat.read(path, as_version=4)
    nbformat.validate(read)
    assert [cell.source for cell in read.cells if cell.get("outputs")] == []
    assert {cell.get("execution_count") for cell in read.cells} == {None}
    assert set(read.metadata) <= {"kernelspec", "language_info"}
    assert read.cells[0].source.startswith("# ")


def test_every_notebook_is_named_in_the_documentation() -> None:
    page = (EXAMPLES.parent / "docs" / "python.md").read_text(encoding="utf-8")
    assert [path.name for path in NOTEBOOKS if f"examples/{path.name}" not in page] == []


@pytest.mark.slow
@pytest.mark.timeout(LIMIT_SECONDS + 300)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_of_a_notebook_runs_and_it_shows_an_answer(path: Path, tmp_path: Path) -> None:
    done = executed(path, tmp_path)
    shown = {cell.source: output_of(cell) for cell in done.cells if cell.cell_type == "code"}
    assert any(text.startswith(ANSWERS) for text in shown.values())
    assert any("<svg" in text for text in shown.values())
    assert max(len(text) for text in shown.values()) < 20_000
    assert [source for source, text in shown.items() if "\x1b" in text] == []


@pytest.mark.slow
@pytest.mark.timeout(LIMIT_SECONDS + 300)
def test_a_kernel_that_is_interrupted_keeps_what_was_recorded_and_goes_on(
    tmp_path: Path, wait_until
) -> None:
    recorded = tmp_path / "runs" / "cut" / "trials.jsonl"

    def numbers() -> list[int]:
        if not recorded.is_file():
            return []
        return [json.loads(one)["number"] for one in recorded.read_text().splitlines()]

    with running_kernel(tmp_path) as (manager, client):
        # A failed cell also drops the requests that stand behind it, for a moment after its reply.
        asked = client.execute(ENDLESS.format(100_000), stop_on_error=False)
        wait_until(lambda: len(numbers()) >= 2)
        manager.interrupt_kernel()
        stopped = reply_to(client, asked)
        assert (stopped["status"], stopped["ename"]) == ("error", "KeyboardInterrupt")
        before = numbers()
        again = reply_to(client, client.execute(ENDLESS.format(len(before) + 1)))
        assert again["status"] == "ok", again
    assert numbers()[: len(before)] == before
    assert sorted(numbers()) == list(range(len(before) + 1))
