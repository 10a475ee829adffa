import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from study.cli import exit_code
from study.record.snapshot import collect_snapshot
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import read_plan

MakeStudy = Callable[..., RunDirectory]
WIDER = """
name = "wider"
[parameters.width]
type = "int"
low = 16
high = 64
[parameters.dropout]
type = "float"
low = 0.0
high = 0.5
[fixed]
depth = 1
batch_size = 32
epochs = 2
[baseline]
depth = 1
width = {width}
batch_size = 32
epochs = 2
"""


@pytest.fixture
def old(make_study: MakeStudy, tmp_path: Path) -> RunDirectory:
    trials = [(16, 0.5), (32, 0.8), (400, 0.9), (24, None), (64, 0.7)]
    return make_study(tmp_path / "runs" / "first", trials)


def _extend(old: RunDirectory, space: str, *arguments: str) -> int:
    path = old.root.parent.parent / "wider.toml"
    path.write_text(space)
    runs = ["--runs-dir", str(old.root.parent)]
    return exit_code(["extend", old.name, "--space", str(path), *runs, *arguments])


def test_trials_that_fit_are_taken_over_with_params_of_the_new_space(
    old: RunDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _extend(old, WIDER.format(width=16)) == 0

    run = RunDirectory(old.root.parent / "first-wider")
    assert capsys.readouterr().out == (
        f"{run.root}: took over 4 trials of study first, 1 trial outside the new space\n"
        "Go on with: dense-study resume first-wider\n"
    )
    before, after = collect_snapshot(old), collect_snapshot(run)
    assert after.space.name == "wider"
    assert [trial.params for trial in after.trials] == [
        {"width": width, "dropout": 0.2} for width in (16, 32, 24, 64)
    ]
    assert [trial.state for trial in after.trials] == ["complete", "complete", "failed", "complete"]
    assert [trial.origin for trial in after.trials] == ["baseline", "search", "search", "search"]
    for new, number in zip(after.trials, (0, 1, 3, 4), strict=True):
        twin = before.trials[number]
        assert (new.config, new.seed, new.accuracy) == (twin.config, twin.seed, twin.accuracy)
    lineage = json.loads(run.lineage.read_text())
    assert lineage["study"] == "first"
    assert lineage["trials"] == {"0": 0, "1": 1, "2": 3, "3": 4}
    assert lineage["left"] == [2]
    plan, old_plan = read_plan(run), read_plan(old)
    assert (plan.seed, plan.split_seed, plan.share) == (7, 11, old_plan.share)
    assert (plan.trials, plan.data_fingerprint) == (4 + 5, old_plan.data_fingerprint)


def test_a_new_baseline_is_asked_first(
    old: RunDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _extend(old, WIDER.format(width=20), "--name", "next", "--trials", "8") == 0

    run = RunDirectory(old.root.parent / "next")
    assert "The new baseline is not among them: it is trained first.\n" in capsys.readouterr().out
    trials = collect_snapshot(run).trials
    assert [trial.number for trial in trials] == [0, 1, 2, 3, 4]
    assert (trials[0].origin, trials[0].state) == ("baseline", "interrupted")
    assert trials[0].params == {"width": 20, "dropout": 0.2}
    assert trials[1].params == {"width": 16, "dropout": 0.2}
    assert read_plan(run).trials == 8


def test_the_old_study_stays_as_it_is(old: RunDirectory) -> None:
    before = {path: path.read_bytes() for path in old.root.iterdir() if path.is_file()}

    assert _extend(old, WIDER.format(width=16)) == 0

    assert {path: path.read_bytes() for path in old.root.iterdir() if path.is_file()} == before


def test_what_cannot_be_extended_is_reported_and_leaves_nothing_behind(
    old: RunDirectory, capsys: pytest.CaptureFixture[str]
) -> None:
    own = old.space.read_text()

    assert _extend(old, own) == 1
    assert _extend(old, WIDER.format(width=16), "--name", "first") == 1
    assert _extend(old, WIDER.format(width=999)) == 1
    assert _extend(old, WIDER.format(width=16), "--name", "../x") == 1

    said = capsys.readouterr().err.replace(str(old.root.parent.parent), "HERE").splitlines()
    assert said[0] == (
        "Error: --space: it is the study's own space; got HERE/wider.toml; allowed: another space"
    )
    assert said[1] == "Error: --name: there is such a study already; got first"
    assert "HERE/wider.toml" in said[2]
    assert said[3].startswith("Error: --name: not a study name; got '../x'")
    assert [path.name for path in old.root.parent.iterdir()] == ["first"]


@pytest.mark.slow
def test_commands_that_train_nothing_import_no_tensorflow(old: RunDirectory) -> None:
    space = old.root.parent.parent / "wider.toml"
    space.write_text(WIDER.format(width=16))
    runs = ["--runs-dir", str(old.root.parent)]
    commands = [
        ["extend", "first", "--space", str(space), *runs],
        ["export", "first", "--config-format", "toml", *runs],
        ["delete", "first-wider", "--yes", *runs],
    ]
    commands += [[name, "--help"] for name in ("export", "verify", "predict", "train", "extend")]
    code = (
        "import json, sys\nfrom study.cli import exit_code\n"
        "assert [exit_code(one) for one in json.loads(sys.argv[1])] == [0] * 8\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(commands)], capture_output=True, check=False
    )

    assert done.returncode == 0, done.stderr.decode()
