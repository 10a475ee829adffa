import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from reports.json_record import record_from_json
from study.cli import exit_code
from study.commands.show import command
from study.commands.streams import ERRORS
from study.config import config_from_params
from study.coordinator.asked_trials import AskedFile, AskedTrial
from study.record.snapshot import collect_snapshot
from study.run_dir.lock import locked
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import read_plan, write_plan

RecordedRun = Callable[..., RunDirectory]


def show(run: RunDirectory, *arguments: str) -> str:
    asked = [run.name, "--runs-dir", str(run.root.parent), *arguments]
    return CliRunner().invoke(command, asked, catch_exceptions=False).stdout


def test_the_answer_is_printed_for_a_pipe(recorded_run: RecordedRun) -> None:
    text = show(recorded_run())

    assert text.startswith("recorded\ndigits: 1,198 training, 240 validation, 359 test images;")
    assert "CAN'T TELL against the baseline, re-run here" in text
    assert "best so far (trial 3)  93.75 %  (validation, n = 240, seed 103)" in text
    assert "4 of 4  (3 complete, 1 failed)" in text
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 80


def test_the_whole_record_is_printed_as_json(recorded_run: RecordedRun) -> None:
    run = recorded_run()
    text = show(run, "--json")

    assert record_from_json(json.loads(text)) == collect_snapshot(run)
    assert text.isascii()
    values = json.loads(text)
    wanted = {"name", "data", "seed", "versions", "space", "trials", "space_fingerprint"}
    assert wanted <= set(values)
    assert values["data"]["fingerprint"] == "d" * 64
    trial = values["trials"][2]
    names = {"number", "state", "params", "accuracy", "split", "seconds", "curve", "reason", "n"}
    assert names <= set(trial)
    assert trial["reason"] == "the loss is not a number after epoch 3"


def test_a_study_without_trials_says_so(recorded_run: RecordedRun) -> None:
    assert "No trial is complete (0 trials so far)" in show(recorded_run(trials=0))


@pytest.mark.parametrize("name", ["nope", "../recorded", "/etc", ""])
@pytest.mark.parametrize("arguments", [("show",), ("show", "--json"), ("report",), ("dashboard",)])
def test_a_missing_study_is_one_message_and_leaves_no_file(
    tmp_path: Path, recorded_run: RecordedRun, name: str, arguments: tuple[str, ...]
) -> None:
    recorded_run()
    before = sorted(tmp_path.rglob("*"))
    runs = str(tmp_path / "runs")
    assert exit_code([*arguments, name, "--runs-dir", runs]) == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_the_message_names_the_studies_there_are(
    tmp_path: Path, recorded_run: RecordedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded_run()
    assert exit_code(["show", "nope", "--runs-dir", str(tmp_path / "runs")]) == 1
    runs = tmp_path / "runs"
    assert capsys.readouterr().err == f"Error: {runs}: no such study; got nope; allowed: recorded\n"


def test_a_lost_database_is_not_needed_and_not_made_anew(
    tmp_path: Path, recorded_run: RecordedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    run = recorded_run()
    show = ["show", "recorded", "--runs-dir", str(tmp_path / "runs")]
    assert exit_code(show) == 0
    before = capsys.readouterr().out
    run.database.unlink()
    assert exit_code(show) == 0
    assert capsys.readouterr().out == before
    assert not run.database.exists()


@pytest.mark.parametrize(
    ("waiting", "about"),
    [
        (1, "1 interrupted: it waits to be run again)"),
        (2, "2 interrupted: they wait to be run again)"),
    ],
)
def test_trials_that_nobody_runs_any_more_are_interrupted_and_wait_to_be_run_again(
    waiting: int,
    about: str,
    tmp_path: Path,
    recorded_run: RecordedRun,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = recorded_run()
    config = config_from_params({"width": 64, "epochs": 3})
    for number in range(4, 4 + waiting):
        asked = AskedTrial(number, number, "search", {"width": 64}, config, number)
        AskedFile(run.open_lines(run.asked)).append(asked)
    runs = ["--runs-dir", str(tmp_path / "runs")]

    def said(*arguments: str) -> str:
        assert exit_code([*arguments, *runs]) == 0
        return " ".join(capsys.readouterr().out.split())

    shown = said("show", "recorded")
    total = 4 + waiting
    assert f"trials 4 of {total} (3 complete, 1 failed, {about}" in shown
    assert f"Interrupted after 4 of {total} trials. To continue: dense-study resume" in shown
    assert f" 4 of {total} " in said("list")
    assert said("report", "recorded").startswith("Report: ")
    assert about.removesuffix(")") in " ".join(run.report.read_text().split())
    with locked(run):
        whole = f"trials {total} of {total} (3 complete, 1 failed, {waiting} running)"
        shown = said("show", "recorded")
        assert whole in shown
        assert "Interrupted" not in shown


def test_a_confirmation_that_nobody_goes_on_with_was_interrupted(
    tmp_path: Path, recorded_run: RecordedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    run = recorded_run()
    run.retrainings.write_text('{"any": "training"}\n')
    show = ["show", "recorded", "--runs-dir", str(tmp_path / "runs")]
    assert exit_code(show) == 0
    said = " ".join(capsys.readouterr().out.split())
    went_on = "To continue: dense-study resume recorded"
    assert f"Interrupted in its confirmation, after 1 training. {went_on}" in said
    with locked(run):
        assert exit_code(show) == 0
    assert "Interrupted" not in capsys.readouterr().out
    # One that is not part of the run is continued by its own command.
    write_plan(run, replace(read_plan(run), confirm=False))
    assert exit_code(show) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "after 1 training. To continue: dense-study confirm recorded" in said


def test_a_lost_list_of_trials_is_a_known_fault_and_stays_lost(
    tmp_path: Path, recorded_run: RecordedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    run = recorded_run()
    run.trials.unlink()
    assert exit_code(["show", "recorded", "--runs-dir", str(tmp_path / "runs")]) == 1
    assert capsys.readouterr().err == (
        f"Error: {run.trials}: some of the study's trials are missing here; got 0, 1, 2, 3\n"
    )
    assert not run.trials.exists()


@pytest.mark.parametrize(
    ("encoding", "text", "expected"),
    [
        ("utf-8", "▁▅█ −1 …", "▁▅█ −1 …"),
        ("ascii", "▁▅█ −1 …", "_=# -1 ~"),
        ("latin-1", "é ▁ 研", "é _ ?"),
    ],
)
def test_what_a_terminal_cannot_print_is_put_otherwise(
    encoding: str, text: str, expected: str
) -> None:
    assert text.encode(encoding, errors=ERRORS).decode(encoding) == expected


@pytest.mark.slow
def test_commands_that_train_nothing_import_no_tensorflow(recorded_run: RecordedRun) -> None:
    runs = ["--runs-dir", str(recorded_run().root.parent)]
    asked = (["show", "recorded"], ["list"], ["report", "recorded"])
    commands = [[*words, *runs] for words in asked]
    code = (
        "import json, sys\nfrom study.cli import exit_code\n"
        "assert [exit_code(one) for one in json.loads(sys.argv[1])] == [0] * 3\n"
        "print('heavy', [m for m in ('tensorflow', 'keras') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(commands)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "heavy []"
