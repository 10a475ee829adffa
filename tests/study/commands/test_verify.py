from collections.abc import Callable
from pathlib import Path

import pytest

from study.bundle.manifest import MANIFEST
from study.cli import exit_code
from study.commands.verify import ledger_of
from study.run_dir.paths import RunDirectory

MakeStudy = Callable[..., RunDirectory]


def _refusal(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> str:
    assert exit_code(["verify", str(folder), *arguments]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    return said.err.replace(str(folder), "HERE")


def test_what_is_no_bundle_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    absent = "Error: HERE: no such bundle; allowed: a folder written by export\n"
    assert _refusal(capsys, tmp_path / "absent") == absent
    (tmp_path / "file").write_text("")
    assert _refusal(capsys, tmp_path / "file") == absent
    assert _refusal(capsys, tmp_path) == (
        "Error: HERE/manifest.json: no manifest; "
        "allowed: a bundle written by `dense-study export`\n"
    )
    (tmp_path / MANIFEST).write_text('{"form": 2}')
    assert _refusal(capsys, tmp_path) == "Error: HERE/manifest.json: damaged: it is no manifest\n"


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
def test_every_wrong_file_is_named_at_once_and_nothing_is_trained(
    make_study: MakeStudy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = make_study(tmp_path / "runs" / "first")
    assert exit_code(["export", "first", "--runs-dir", str(run.root.parent)]) == 0
    capsys.readouterr()
    assert exit_code(["verify", str(run.best), "--hashes-only"]) == 0
    assert capsys.readouterr().out == f"{run.best}: all 7 files are unchanged\n"

    (run.best / "train.py").write_text("import os\n")
    (run.best / "card.md").unlink()
    (run.best / "notes.txt").write_text("mine")

    lines = _refusal(capsys, run.best).splitlines()
    assert lines[:2] == ["Error: HERE/notes.txt: not in the manifest", "HERE/card.md: missing"]
    assert lines[2].startswith("HERE/train.py: changed; got SHA-256 ")
    assert len(lines) == 3


def test_an_opening_is_noted_in_the_study_s_ledger_or_beside_the_bundle(tmp_path: Path) -> None:
    class Somewhere:
        folder = tmp_path / "best"

    assert ledger_of(Somewhere()) == tmp_path / "best.ledger.jsonl"  # type: ignore[arg-type]
    (tmp_path / "ledger.jsonl").write_text("")
    assert ledger_of(Somewhere()) == tmp_path / "ledger.jsonl"  # type: ignore[arg-type]
