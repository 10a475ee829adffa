"""No default is refused by its own check, and a plan goes on from any folder."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_spaces.faults import FaultError
from search_spaces.read import load_space
from study.cli import exit_code
from study.commands.resume import command as resume
from study.data.load import load_data
from study.run_dir.names import check_study_name, legal_name
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import read_plan, write_plan
from study.workflows.baseline import baseline_run_directory
from study.workflows.plans import first_plan, next_plan
from study.workflows.request import Request, default_name

MakeRun = Callable[[Path], RunDirectory]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("digits", "four-digits"),
        ("my data (1).npz", "four-my-data-1"),
        ("größe.npz", "four-groe"),
        ("a/b c/x_1.npz", "four-x_1"),
        ("..npz", "four-."),
        ("#1.npz", "four-1"),
        ("a--b.npz", "four-a--b"),
        ("数据.npz", "four"),
    ],
)
def test_a_study_has_a_legal_name_by_itself(data: str, name: str) -> None:
    assert default_name(Request({"data": data})) == check_study_name(name)


@given(st.text(max_size=300))
def test_any_text_has_a_legal_name(text: str) -> None:
    assert check_study_name(legal_name(text))
    assert legal_name(legal_name(text)) == legal_name(text)


def test_long_names_are_distinguished_though_they_are_cut() -> None:
    one, two = legal_name("x" * 200 + "1"), legal_name("x" * 200 + "2")
    assert one != two
    assert re.fullmatch("x{71}-[0-9a-f]{8}", one)


def test_an_extension_has_a_legal_name_by_itself(make_run: MakeRun, tmp_path: Path) -> None:
    run = make_run(tmp_path / "runs" / ("s" * 80))
    runs = ("--runs-dir", str(tmp_path / "runs"))
    assert exit_code(["extend", run.name, "--space", "smoke", *runs]) == 0
    assert len(list((tmp_path / "runs").iterdir())) == 2


def test_a_baseline_of_a_file_with_a_long_name_has_a_folder(tmp_path: Path) -> None:
    loaded = load_data("digits", {})
    about = replace(loaded.training.about, name="ä" * 120)
    long = replace(loaded, training=replace(loaded.training, about=about))
    baseline_run_directory(tmp_path, long).create()
    plain = baseline_run_directory(tmp_path, loaded)
    assert plain.name == f"baseline-digits-{about.fingerprint[:8]}"


def test_a_plan_keeps_where_a_file_lies_and_not_the_folder_of_the_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    space = load_space("four")
    plan = first_plan(Request({"data": "own.npz"}, storage="sqlite:///x.db"), "s", space, "f" * 64)
    assert (plan.data, plan.storage) == (str(tmp_path / "own.npz"), f"sqlite:///{tmp_path}/x.db")
    assert first_plan(Request({"data": "mnist"}), "s", space, "f" * 64).data == "mnist"
    assert first_plan(Request(), "s", space, "f" * 64).data == "digits"
    moved = next_plan(Request({"data": "../own.npz"}), plan, space, "f" * 64)
    assert moved.data == str(tmp_path / ".." / "own.npz")


def test_a_path_that_a_plan_could_not_hold_is_refused() -> None:
    with pytest.raises(FaultError) as caught:
        first_plan(Request({"data": "/x\udcff.npz"}), "s", load_space("four"), "f" * 64)
    assert str(caught.value) == (
        r"--data: the path is no UTF-8 text, and the study's plan is; got /x\udcff.npz; "
        "allowed: a file, or a link to it, of another name"
    )


def test_resume_takes_the_place_where_the_data_lies_now(
    make_run: MakeRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = make_run(tmp_path / "runs" / "s")
    write_plan(run, replace(read_plan(run), data=str(tmp_path / "gone.npz")))
    runs = ("--runs-dir", str(tmp_path / "runs"))
    assert exit_code(["resume", "s", "--jobs", "1", *runs]) == 1
    message = capsys.readouterr().err
    begun = "stage 1 of 7: start\n"
    assert message.startswith(f"{begun}Error: --data: no such data set or file; got ")
    assert "--data" in {name for option in resume.params for name in option.opts}
    assert exit_code(["resume", "s", "--jobs", "1", "--data", "digits", *runs]) == 1
    assert "was started with another data (SHA-256 of its arrays)" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["sqlite:////no/such/folder/x.db", "garbage", "sqlite://"])
def test_a_mistyped_storage_leaves_no_plan_to_refuse_the_right_one(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = tmp_path / "runs"
    asked = ["run", "smoke", "--name", "s", "--jobs", "1", "--runs-dir", str(runs)]
    assert exit_code([*asked, "--storage", url]) == 1
    assert capsys.readouterr().err.startswith(f"stage 1 of 7: start\nError: {url}: ")
    assert not runs.exists()
