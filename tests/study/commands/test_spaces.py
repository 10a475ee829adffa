import json
import subprocess
import sys
from pathlib import Path

import pytest

from search_spaces.fingerprint import space_fingerprint
from search_spaces.parameters import PARAMETERS
from search_spaces.read import load_space, read_space
from search_spaces.schema import space_schema
from search_spaces.shipped import shipped_names
from study.cli import exit_code

MINE = """\
name = "mine"
about = "A space with [bold]markup[/bold] in its text"

[parameters.dropout]
type = "float"
low = 0.0
high = 0.5
step = 0.1

[parameters.optimizer]
type = "choice"
values = ["adam", "sgd"]

[parameters.momentum]
type = "float"
low = 0.0
high = 0.9
when.optimizer = "sgd"
when.depth = { low = 2 }
when.epochs = { low = 3, high = 9 }

[fixed]
depth = 3
epochs = 5
nesterov = false

[baseline]
depth = 3
momentum = 0.0

[baseline.published]
accuracy = 0.984
data = "mnist"
split = "test"
n = 10000
runs = 3
source = "a page"
"""

SHOWN = """\
mine: A space with [bold]markup[/bold] in its text
fingerprint {fingerprint}

searched   values           only when            baseline
dropout    0 to 0.5 by 0.1                       0.2
optimizer  adam, sgd                             adam
momentum   0 to 0.9         depth is at least 2  -
                            optimizer is sgd
                            epochs is 3 to 9

fixed
  depth 3, nesterov false, epochs 5

baseline
  depth 3, momentum 0

published
  98.40% (mnist test, n = 10,000, 3 runs; a page)
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(MINE)
    return path


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize("arguments", [["spaces"], ["spaces", "list"]])
def test_the_shipped_spaces_are_listed_with_the_default_first(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(arguments) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert [line.split()[0] for line in lines] == ["space", *shipped_names()]
    assert lines[1].startswith("four (default)  4  ")


def test_a_space_is_shown_in_plain_columns_where_no_terminal_is(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["spaces", "show", str(mine)]) == 0
    out = "\n".join(line.rstrip() for line in capsys.readouterr().out.splitlines())
    head, _, rest = out.partition("\n\nleft at its default\n")
    assert f"{head}\n" == SHOWN.format(fingerprint="2895a97b5a3d5ae3")
    assert rest.startswith("  width 512, taper 1, activation relu,")


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_space_fits_into_80_columns(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["spaces", "show", name]) == 0
    out = capsys.readouterr().out
    assert max(len(line) for line in out.splitlines()) <= 80
    assert all(parameter.name in out for parameter in load_space(name).parameters)


@pytest.mark.parametrize("name", shipped_names())
def test_a_space_is_printed_as_toml_that_reads_back_as_the_same_space(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["spaces", "show", name, "--toml"]) == 0
    assert read_space(capsys.readouterr().out, "printed") == load_space(name)


def test_sound_spaces_pass_the_check_a_line_each(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["spaces", "check", "four", str(mine)]) == 0
    assert capsys.readouterr().out == (
        "four: ok, 4 searched, 0 fixed, fingerprint 26bb7d0e4021a039\n"
        f"{mine}: ok, 3 searched, 3 fixed, fingerprint 2895a97b5a3d5ae3\n"
    )


def test_the_check_tells_every_fault_of_every_space_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    one.write_text(MINE.replace("high = 0.5", "high = 5").replace("depth = 3", "depth = 9"))
    two.write_text("name = ")
    assert exit_code(["spaces", "check", str(one), "smoke", str(two), "nosuch"]) == 1
    printed = capsys.readouterr()
    assert printed.out == "smoke: ok, 5 searched, 3 fixed, fingerprint 09247aa0e09c1492\n"
    assert printed.err == (
        f"Error: {one}: [parameters.dropout] high: value not allowed for dropout; got 5; "
        "allowed: a number from 0 to 0.95\n"
        f"{one}: [fixed] depth: value not allowed for depth; got 9; "
        "allowed: a whole number from 1 to 8\n"
        f"{one}: [baseline] depth: value not allowed for depth; got 9; "
        "allowed: a whole number from 1 to 8\n"
        f"{two}: not TOML: Invalid value (at end of document)\n"
        "search space: unknown name; got 'nosuch'; "
        "allowed: four, smoke, wide, augmented, or the path of a .toml file\n"
    )


@pytest.mark.parametrize(
    "arguments", [["check"], ["show"], ["show", "four", "smoke"], ["list", "four"], ["chekc"]]
)
def test_wrong_usage_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["spaces", *arguments]) == 2
    assert capsys.readouterr().err.startswith("Usage: dense-study spaces")


def test_every_parameter_is_listed_with_limits_and_default(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert exit_code(["spaces", "parameters"]) == 0
    out = capsys.readouterr().out
    assert max(len(line) for line in out.splitlines()) <= 80
    assert out.splitlines()[1].split() == [
        *["depth", "a", "whole", "number", "from", "1"],
        *["2", "hidden", "layers"],
    ]


def test_the_schema_is_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["spaces", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == space_schema()


def test_spaces_and_parameters_are_listed_for_programs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert exit_code(["spaces", "list", "--json"]) == 0
    found = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert next(iter(found)) == "four"
    four = load_space("four")
    assert found["four"] == {
        "name": "four",
        "about": four.about,
        "searched": ["width", "dropout", "batch_size", "epochs"],
        "fixed": {},
        "baseline": four.baseline.params,
        "fingerprint": space_fingerprint(four),
    }
    assert exit_code(["spaces", "parameters", "--json"]) == 0
    parameters = {one.pop("name"): one for one in json.loads(capsys.readouterr().out)}
    assert list(parameters) == list(PARAMETERS)
    assert parameters["width"]["default"] == PARAMETERS["width"].default
    assert "adam" in parameters["optimizer"]["options"]


@pytest.mark.parametrize(
    "arguments", [["list"], ["show", "wide"], ["check", "augmented"], ["schema"], ["parameters"]]
)
def test_nothing_heavy_is_imported(arguments: list[str], tmp_path: Path) -> None:
    code = (
        "import sys; from study.cli import exit_code\n"
        f"exit_code({['spaces', *arguments]!r})\n"
        "print(' '.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    heavy = {"tensorflow", "keras", "optuna", "sklearn", "scipy", "plotly", "numpy", "pydantic"}
    assert heavy.isdisjoint(done.stderr.split())
    assert "\x1b" not in done.stdout
    assert not list(tmp_path.iterdir())


def test_a_mistyped_command_is_answered_with_new_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["spaces", "nw"]) == 2
    assert capsys.readouterr().err.endswith("Error: No such command 'nw' (did you mean new?).\n")
