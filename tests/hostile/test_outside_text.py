"""JSON from outside has one reader, and text from outside one printer."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from search_spaces.faults import FaultError
from search_spaces.json_text import read_json
from search_spaces.read import read_space
from study.cli import exit_code
from study.confirmation.evaluated import is_evaluated
from study.confirmation.validation_answers import read_answers
from study.confirmation.weight_files import WeightFiles
from study.coordinator.storage import open_storage
from study.executors.cluster.cluster_file import parse_cluster
from study.run_dir.paths import RunDirectory


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "9" * 5000, r'"\ud800"', b"\xff", "", '{"a": "\\udc80"}', "{"]
)
def test_json_that_cannot_be_kept_is_one_short_fault(text: str | bytes) -> None:
    with pytest.raises(FaultError, match=r"^here: ") as caught:
        read_json(text, "here")
    assert len(str(caught.value)) < 400


def test_json_with_pairs_of_surrogates_is_read() -> None:
    assert read_json(r'"\ud83d\ude00"', "here") == "😀"


@pytest.mark.parametrize("name", [".", "..", ".x", "x.", "x..y", "x", "a b.c"])
def test_a_cluster_class_without_a_dotted_name_is_a_known_fault(name: str) -> None:
    with pytest.raises(FaultError, match="a dotted name is needed"):
        parse_cluster(f"class = {json.dumps(name)}\nworkers = 1\n", "cluster.toml")


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("1e-30", "too small a step"),
        ("1e-320", "too small a step"),
        ("0.0", "not a step"),
        ("-1.0", "not a step"),
        ("nan", "not a step"),
    ],
)
@pytest.mark.parametrize("high", [0.1, 0.4])
def test_a_step_lost_in_rounding_is_a_known_fault(step: str, message: str, high: float) -> None:
    parameter = f'[parameters.dropout]\ntype = "float"\nlow = 0.1\nhigh = {high}\nstep = {step}\n'
    with pytest.raises(FaultError, match=message):
        read_space(f'name = "s"\n{parameter}', "space.toml")


@pytest.fixture
def odd_name(tmp_path: Path) -> Path:
    """A data file whose name holds an escape and a byte that is no UTF-8."""
    path = tmp_path / "\x1b[31m\udcff.npz"
    x, y = np.arange(160, dtype=np.uint8).reshape(20, 8), np.array(["a", "b"] * 10)
    with path.open("wb") as file:
        np.savez(file, x_train=x, y_train=y, x_test=x, y_test=y)
    return path


def test_names_of_files_never_reach_the_terminal_raw(
    odd_name: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "\x1b[32mto.npz"
    assert exit_code(["data", "check", str(odd_name)]) == 0
    assert exit_code(["data", "save", str(odd_name), str(target)]) == 0
    assert exit_code(["list", "--runs-dir", str(tmp_path / "\x1b[33m")]) == 0
    said = "".join(capsys.readouterr())
    assert r"\x1b[31m\udcff" in said
    assert all(line.isprintable() for line in said.split("\n"))


EDITS: dict[str, Callable[[dict], object]] = {
    "data.json": lambda values: values | {"train_n": "many"},
    "asked.jsonl": lambda values: values | {"number": []},
    "trials.jsonl": lambda values: values | {"accuracy": "NaN"},
}


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("command", ["show", "report", "list"])
def test_one_wrong_value_is_one_message_with_file_key_got_and_allowed(
    name: str, command: str, make_run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run: RunDirectory = make_run(tmp_path / "runs" / "s")
    path = run.root / name
    first, *others = path.read_text().splitlines()
    path.write_text("\n".join([json.dumps(EDITS[name](json.loads(first))), *others, ""]))
    named = [] if command == "list" else ["s"]
    assert exit_code([command, *named, "--runs-dir", str(tmp_path / "runs")]) == 1
    (message,) = capsys.readouterr().err.splitlines()
    assert message.startswith(f"Error: {path}")
    assert "; got " in message
    assert "; allowed: " in message


def test_a_trial_count_that_is_only_long_is_no_fault(make_run, tmp_path: Path) -> None:
    run: RunDirectory = make_run(tmp_path / "runs" / "s")
    text = run.plan.read_text().replace("trials = 2", f"trials = {'9' * 30}")
    assert "9" * 30 in text
    run.plan.write_text(text)
    for command in (["show", "s"], ["list"], ["report", "s"]):
        assert exit_code([*command, "--runs-dir", str(tmp_path / "runs")]) == 0


def test_a_plan_with_an_endless_number_is_a_known_fault(
    make_run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run: RunDirectory = make_run(tmp_path / "runs" / "s")
    for value in ("9" * 5000, "[" * 5000):
        run.plan.write_text(f"trials = {value}\n")
        assert exit_code(["show", "s", "--runs-dir", str(tmp_path / "runs")]) == 1
        assert capsys.readouterr().err.startswith(f"Error: {run.plan}: cannot be read: ")


SHOW, RESUME = ("show", "s"), ("resume", "s", "--jobs", "1")
EXTEND = ("extend", "s", "--space", "smoke", "--name", "t")


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (SHOW, "space.toml"),
        (SHOW, "plan.toml"),
        (SHOW, "data.json"),
        (RESUME, "space.toml"),
        (RESUME, "plan.toml"),
        (EXTEND, "space.toml"),
        (EXTEND, "plan.toml"),
        (EXTEND, "data.json"),
    ],
)
def test_a_file_of_a_study_that_is_not_utf_8_is_one_message(
    arguments: tuple[str, ...],
    name: str,
    make_run,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run: RunDirectory = make_run(tmp_path / "runs" / "s")
    path = run.root / name
    path.write_bytes(path.read_bytes()[:20] + b"\xff" + path.read_bytes()[20:])
    assert exit_code([*arguments, "--runs-dir", str(tmp_path / "runs")]) == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith(f"Error: {path}: cannot be read: 'utf-8' codec can't decode byte 0xff")


@pytest.mark.slow
@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE trial_params SET distribution_json = '{}'",
        "UPDATE trial_params SET distribution_json = '['",
        "UPDATE trials SET number = 'x'",
        "UPDATE trials SET state = 'x'",
        "UPDATE trials SET datetime_start = 'x'",
        "UPDATE trial_user_attributes SET value_json = '{'",
    ],
)
def test_an_edited_database_is_one_message_that_names_it(
    edit: str, make_run, tmp_path: Path
) -> None:
    run: RunDirectory = make_run(tmp_path / "s")
    with closing(sqlite3.connect(run.database)) as database:
        database.execute("PRAGMA ignore_check_constraints = 1")
        database.execute(edit)
        database.commit()
    url = f"sqlite:///{run.database}"
    with (
        pytest.raises(FaultError, match=r"study\.db: "),
        closing(open_storage(url, run.name, create=False)) as storage,
    ):
        storage.trials()


def test_cut_weights_and_predictions_are_known_faults(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path)
    weights = (np.ones((30, 4), np.float32), np.zeros(4, np.float32))
    run.weights.mkdir()
    WeightFiles(run).save("a", weights)
    path = run.weights_file("a")
    content = path.read_bytes()
    for end in range(0, len(content), 37):
        path.write_bytes(content[:end])
        with pytest.raises(FaultError, match="stored weights cannot be read"):
            WeightFiles(run).load("a")
        run.test_predictions.write_bytes(content[:end])
        with pytest.raises(FaultError, match=r"test_predictions\.npz: cannot be read"):
            is_evaluated(run, "a")
        run.validation_answers.write_bytes(content[:end])
        with pytest.raises(FaultError, match=r"validation_answers\.npz: cannot be read"):
            read_answers(run)
