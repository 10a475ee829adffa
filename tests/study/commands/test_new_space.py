"""`spaces new` writes a space for one's own data that is a whole study."""

import json
from pathlib import Path

import numpy as np
import pytest

from search_spaces.data_source import DataOptions, DataSource
from search_spaces.read import load_space
from study.cli import exit_code
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import read_plan


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder with a table of 60 rows in `data/my.csv`."""
    rng = np.random.default_rng(3)
    lines = ["id,length,colour,kind"]
    lines += [
        f"i{row},{rng.random() + row % 2:.4f},{('red', 'blue', 'green')[row % 3]},k{row % 2}"
        for row in range(60)
    ]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "my.csv").write_text("\n".join(lines))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_table_gets_a_space_that_names_its_data(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "spaces").mkdir()
    asked = ["--data", "data/my.csv", "--target", "kind", "--drop", "id", "--test-share", "0.25"]
    assert exit_code(["spaces", "new", *asked, "--out", "spaces/first.toml"]) == 0
    assert capsys.readouterr().out == (
        "spaces/first.toml: 13 parameters to search, for 45 rows and 2 classes of my\n"
        "Look at it and change what you like. Then:\n"
        "  dense-study spaces show spaces/first.toml\n"
        "  dense-study run spaces/first.toml\n"
    )
    text = (folder / "spaces" / "first.toml").read_text()
    assert 'source = "../data/my.csv"\ntarget = "kind"\ndrop = ["id"]\ntest_share = 0.25\n' in text
    assert "# Inputs: 45 training rows and 15 test rows of 2 columns.\n#   length: number, " in text
    assert exit_code(["spaces", "check", "spaces/first.toml"]) == 0
    options = DataOptions("kind", drop=("id",), test_share=0.25)
    assert load_space("spaces/first.toml").data == DataSource("spaces/../data/my.csv", options)


def test_the_data_names_the_file_and_json_says_what_was_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["spaces", "new", "--data", "digits", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said | {"fingerprint": "", "searched": []} == {
        "file": "digits.toml",
        "name": "digits",
        "fingerprint": "",
        "searched": [],
        "data": {"source": "digits"},
        "train_n": 1438,
        "test_n": 359,
        "classes": [str(digit) for digit in range(10)],
        "next": ["dense-study spaces show digits.toml", "dense-study run digits.toml"],
    }
    text = (folder / "digits.toml").read_text()
    assert "# Inputs: 1,438 training images and 359 test images of 8 x 8 pixels.\n" in text


def test_a_file_that_is_there_is_left_alone_unless_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "digits.toml").write_text("mine")
    assert exit_code(["spaces", "new", "--data", "digits"]) == 1
    assert capsys.readouterr().err == (
        "Error: digits.toml: there is such a file already; "
        "allowed: another --out, or --replace to write over it\n"
    )
    assert (folder / "digits.toml").read_text() == "mine"
    assert exit_code(["spaces", "new", "--data", "digits", "--replace"]) == 0
    assert load_space("digits.toml").name == "digits"


def test_paths_are_right_from_a_folder_that_is_a_link(folder: Path) -> None:
    (folder / "deep" / "spaces").mkdir(parents=True)
    (folder / "linked").symlink_to(folder / "deep" / "spaces")
    asked = ["--data", "data/my.csv", "--target", "kind", "--out", "linked/first.toml"]
    assert exit_code(["spaces", "new", *asked]) == 0
    data = load_space("linked/first.toml").data
    assert data is not None
    assert Path(data.source).samefile("data/my.csv")


def test_a_file_with_the_name_of_a_known_data_set_is_named_by_its_whole_path(folder: Path) -> None:
    (folder / "data" / "my.csv").rename(folder / "wine")
    asked = ["--data", "./wine", "--target", "kind", "--out", "first.toml"]
    assert exit_code(["spaces", "new", *asked]) == 0
    data = load_space("first.toml").data
    assert data is not None
    assert data.source == str(folder / "wine")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--data", "data/my.csv", "--target", "knd"], "no such column"),
        (["--data", "nothing.csv"], "no such data set or file"),
        (["--data", "digits", "--target", "kind"], "a data set known by name does not take"),
        (["--data", "digits", "--out", "four"], "--out: not the name of a space's file; got four"),
        (["--data", "digits", "--out", "data/my.csv/first.toml"], "cannot be written"),
    ],
)
def test_a_mistake_is_one_message_and_writes_nothing(
    folder: Path, asked: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(folder.rglob("*"))
    assert exit_code(["spaces", "new", *asked]) == 1
    assert said in capsys.readouterr().err
    assert sorted(folder.rglob("*")) == before


@pytest.mark.slow
def test_the_written_file_is_a_whole_study_with_its_published_number(
    folder: Path, dense_study
) -> None:
    asked = ["--data", "data/my.csv", "--target", "kind", "--drop", "id", "--out", "first.toml"]
    assert exit_code(["spaces", "new", *asked]) == 0
    text = (folder / "first.toml").read_text()
    for line in ("[baseline.published]", "accuracy = 0.984"):
        text = text.replace(f"# {line}", line)
    (folder / "first.toml").write_text(text)
    run = RunDirectory(folder / "runs" / "first-my")
    changed = ("--trials", "2", "--no-confirm", "--jobs", "1")
    done = dense_study("run", "first.toml", *changed, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert read_plan(run).data_options() == DataOptions("kind", drop=("id",))
    space = load_space(str(run.space))
    published = space.baseline.published
    assert published is not None
    assert (published.accuracy, published.data, published.n) == (0.984, "my", 12)
