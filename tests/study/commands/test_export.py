import importlib.util
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from study.bundle.read import read_bundle
from study.cli import exit_code
from study.config import config_from_params
from study.config_file import load_config, read_config
from study.run_dir.lock import locked
from study.run_dir.paths import RunDirectory

MakeStudy = Callable[..., RunDirectory]


@pytest.fixture
def run(make_study: MakeStudy, tmp_path: Path) -> RunDirectory:
    return make_study(tmp_path / "runs" / "first")


def _export(run: RunDirectory, *arguments: str) -> int:
    return exit_code(["export", run.name, "--runs-dir", str(run.root.parent), *arguments])


def test_the_config_alone_comes_in_three_forms_that_say_the_same(
    run: RunDirectory, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    said = {}
    for form in ("toml", "json", "yaml"):
        assert _export(run, "--config-format", form) == 0
        said[form] = capsys.readouterr().out
    config = read_config(said["toml"], "config.toml")

    assert config.width == 32
    assert config_from_params(json.loads(said["json"])) == config
    assert config_from_params(yaml.safe_load(said["yaml"])) == config
    assert said["toml"].startswith("# study: first\n# config: trial 1\n# data: digits, SHA-256 ")
    assert "# validation accuracy: 80.00 % (n = 240, seed 101)\n" in said["toml"]
    assert _export(run, "--config-format", "toml", "--out", str(tmp_path / "c.toml")) == 0
    assert load_config(tmp_path / "c.toml") == config
    assert not run.best.exists()


def test_what_cannot_be_exported_is_reported_and_leaves_nothing_behind(
    run: RunDirectory, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "one.tex").write_text("")
    before = sorted(path.name for path in tmp_path.iterdir())

    assert _export(run, "--config-format", "toml", "--out", str(tmp_path)) == 1
    assert _export(run, "--config-format", "toml", "--format", "onnx") == 2
    assert _export(run, "--out", str(tmp_path / "thesis")) == 1
    assert exit_code(["export", "absent", "--runs-dir", str(run.root.parent)]) == 1
    with locked(run):
        assert _export(run) == 1

    said = capsys.readouterr().err.replace(str(tmp_path), "HERE").splitlines()
    assert [line for line in said if line.startswith("Error: ")] == [
        "Error: HERE: cannot be written: Is a directory",
        "Error: --config-format writes the config alone: leave out --format",
        "Error: HERE/thesis: holds something else; allowed: a new folder, or an old bundle",
        "Error: HERE/runs: no such study; got absent; allowed: first",
        next(line for line in said if "is running this study" in line),
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_an_extra_that_is_missing_is_named_before_anything_is_trained(
    run: RunDirectory, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "tf2onnx" else find(name)
    )

    assert _export(run, "--format", "onnx") == 1

    assert capsys.readouterr().err == (
        "Error: --format onnx: tf2onnx is not installed; allowed: pip install 'dense-study[onnx]'\n"
    )


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
def test_an_unconfirmed_study_gives_a_bundle_that_says_so_and_is_verified(
    run: RunDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _export(run) == 0

    out = capsys.readouterr().out
    assert out == (
        f"{run.best}: trial 1, validation accuracy 80.00 % (n = 240, seed 101); 7 files\n"
    )
    bundle = read_bundle(run.best)
    assert "predictions.npz" not in bundle.manifest.files
    assert bundle.manifest.ledger_chain is None
    assert not run.ledger.exists()
    card = (run.best / "card.md").read_text()
    assert "There was no confirmation, so whether this beats the baseline is not known." in card
    assert "The test split was not opened for this network." in card
    assert (
        "Validation accuracy in the search: 80.00 % (n = 240 validation images, seed 101)" in card
    )

    assert exit_code(["verify", str(run.best)]) == 0
    hashed = bundle.manifest.weights_hash[:16]
    sentence = f"retrained weights are equal to the bit (SHA-256 {hashed}…)"
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        f"{run.best}: all 7 files are unchanged",
        f"{run.best}: {sentence}",
    ]
    assert said.err == "Retraining under seed 101 ...\n"
    assert exit_code(["verify", str(run.best), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "bundle": str(run.best),
        "files": 7,
        "retrained": {"to_the_bit": True, "sentence": sentence},
    }
    assert not run.ledger.exists()


def test_the_config_of_any_trial_can_be_taken_away(
    run: RunDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _export(run, "--trial", "0", "--config-format", "toml") == 0
    said = capsys.readouterr().out
    assert said.startswith("# study: first\n# config: baseline\n# data: digits, SHA-256 ")
    assert read_config(said, "config.toml").width == 16
    assert _export(run, "--trial", "99", "--config-format", "toml") == 1
    assert capsys.readouterr().err == (
        "Error: study first: no such trial; got 99; allowed: 0 to 2\n"
    )
    assert _export(run, "--trial", "0") == 2
    assert "Error: --trial gives a config alone: add --config-format" in capsys.readouterr().err


def test_a_study_is_written_as_a_table_into_its_exports_or_elsewhere(
    run: RunDirectory, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert _export(run, "--to", "csv") == 0
    assert _export(run, "--to", "csv", "--out", str(tmp_path / "t.csv")) == 0

    own = run.exports / "trials.csv"
    assert capsys.readouterr().out.splitlines() == [
        f"first: written to csv: {own}",
        f"first: written to csv: {tmp_path / 't.csv'}",
    ]
    assert own.read_bytes() == (tmp_path / "t.csv").read_bytes()
    assert len(own.read_text().splitlines()) == 4


def test_what_belongs_to_a_bundle_is_refused_for_a_study(
    run: RunDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    for option in (
        ["--format", "onnx"],
        ["--config-format", "toml"],
        ["--trial", "1"],
        ["--data", "digits"],
    ):
        assert _export(run, "--to", "csv", *option) == 2
        said = capsys.readouterr().err.splitlines()
        assert said[-1] == f"Error: --to csv writes the whole study: leave out {option[0]}"
    assert _export(run, "--to", "best.toml") == 2
    assert "Invalid value for '--to': 'best.toml' is not one of 'bundle'" in capsys.readouterr().err
    assert not run.exports.exists()


@pytest.mark.parametrize("command", ["run", "resume"])
def test_a_tracker_that_is_none_is_refused_before_a_study_begins(
    command: str, run: RunDirectory, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = [command, *([run.name] if command == "resume" else ["smoke", "--name", "new"])]
    runs = ["--runs-dir", str(run.root.parent)]
    assert exit_code([*words, *runs, "--log-to", "mlflow", "--log-to", "csv"]) == 1
    assert capsys.readouterr().err == (
        "Error: --log-to: unknown target; got 'csv'; "
        "allowed: mlflow, tensorboard, wandb, and =PLACE behind it\n"
    )
    assert not (tmp_path / "runs" / "new").exists()
