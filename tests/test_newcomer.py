"""What a newcomer wants to do, each in one command or at most five lines of Python."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import optuna
import pytest
from optuna.distributions import IntDistribution
from optuna.trial import create_trial
from PIL import Image
from pyarrow.parquet import read_table

import study
from tests.code_blocks import Block, RunProgram, run_blocks
from tests.warm_processes import WarmProcesses

MOST_LINES = 5


@dataclass(frozen=True)
class Task:
    """What is typed, in which language, and what must hold in its folder afterwards."""

    language: str
    text: str
    holds: Callable[[Path, str], bool]


def command(text: str, holds: Callable[[Path, str], bool]) -> Task:
    return Task("sh", text, holds)


def python(text: str, holds: Callable[[Path, str], bool]) -> Task:
    return Task("python", text.strip("\n"), holds)


# Studies of three trials, `one` and `two`, an Optuna study, a table and a folder of images lie in
# the folder.
TASKS = {
    "my CSV": command(
        "dense-study run smoke --data my.csv --target kind --name table --trials 2 --no-confirm",
        lambda folder, _: "dense-study" in (folder / "runs/table/report.html").read_text(),
    ),
    "a folder of PNGs": command(
        "dense-study run smoke --data pictures --name drawn --trials 2 --no-confirm",
        lambda folder, _: "dense-study" in (folder / "runs/drawn/report.html").read_text(),
    ),
    "MLflow and TensorBoard": python(
        """
import study
found = study.open_study("one")
found.export_to("mlflow", "mlflow")
found.export_to("tensorboard", "boards")
""",
        lambda folder, _: any((folder / "mlflow").iterdir()) and any((folder / "boards").iterdir()),
    ),
    "stop when no progress": command(
        "dense-study run smoke --stop-when no-progress:1 --name short --trials 20 --no-confirm",
        lambda folder, _: len((folder / "runs/short/trials.jsonl").read_text().splitlines()) < 20,
    ),
    "Parquet of trials": command(
        "dense-study export one --to parquet --out trials.parquet",
        lambda folder, _: read_table(folder / "trials.parquet").num_rows == 3,
    ),
    "a notebook with a plot": python(
        """
import study
found = study.open_study("one")
print(found._repr_html_())
found.figures["progress"].write_html("plot.html")
""",
        lambda folder, said: "<svg" in said and (folder / "plot.html").is_file(),
    ),
    "fix width and vary dropout": command(
        "dense-study run smoke --set width=32 --vary dropout=0:0.5 --name mine --trials 2"
        " --no-confirm",
        lambda folder, _: "width = 32" in (folder / "runs/mine/space.toml").read_text(),
    ),
    "my own baseline number": python(
        """
import study
number = study.PublishedNumber(0.97, "digits", "test", n=359, runs=1, source="my notes")
domains = {"width": study.IntDomain(16, 64)}
mine = study.space("mine", domains, baseline={"width": 32}, published=number)
study.run(mine, "digits", name="beside", trials=1, confirm=False)
""",
        lambda folder, _: "my notes" in (folder / "runs/beside/space.toml").read_text(),
    ),
    "more trials": command(
        "dense-study resume two --trials 4",
        lambda folder, _: len((folder / "runs/two/trials.jsonl").read_text().splitlines()) == 4,
    ),
    "compare two studies": command(
        "dense-study report one two --out both.html",
        lambda folder, _: "two" in (folder / "both.html").read_text(),
    ),
    "best params as a dict": python(
        """
import study
print(study.open_study("one").best.params)
""",
        lambda _, said: said.startswith("{'width': "),
    ),
    "an existing Optuna study": python(
        """
import optuna
import study
mine = optuna.load_study(study_name="mine", storage="sqlite:///mine.db")
names = {"units": "width"}
print(study.verdict_for(mine, "digits", as_params=names, name="asked", confirm_seeds=2).verdict)
""",
        lambda _, said: said.startswith(("BEATS", "DOES NOT BEAT", "CAN'T TELL")),
    ),
    "another Python": command(
        f"make --dry-run --directory {Path(__file__).parents[1]} VENV=.venv-other"
        " PYTHON=python3.12 study",
        lambda _, said: "python3.12 -m venv .venv-other" in said,
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, warm_processes: WarmProcesses) -> Path:
    place = tmp_path_factory.mktemp("newcomer")
    with warm_processes.lent():
        for seed, name in enumerate(("one", "two")):
            asked = {"name": name, "seed": seed, "trials": 3, "runs_dir": place / "runs"}
            study.run("smoke", "digits", confirm=False, quiet=True, **asked)
    storage = f"sqlite:///{place / 'mine.db'}"
    mine = optuna.create_study(study_name="mine", storage=storage, direction="maximize")
    units = {"units": IntDistribution(16, 64)}
    mine.add_trial(create_trial(params={"units": 48}, distributions=units, value=0.9))
    rows = [f"{row % 7},{('red', 'blue')[row % 2]},{('no', 'yes')[row % 2]}" for row in range(200)]
    (place / "my.csv").write_text("\n".join(["size,colour,kind", *rows]))
    for name, colour in (("dark", 20), ("bright", 220)):
        (place / "pictures" / name).mkdir(parents=True)
        for number in range(40):
            picture = Image.new("L", (8, 8), colour + number % 20)
            picture.putpixel((number % 8, number // 8), 128)
            picture.save(place / "pictures" / name / f"{number}.png")
    return place


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_one_command_or_at_most_five_lines(name: str) -> None:
    lines = TASKS[name].text.splitlines()
    assert len(lines) <= (1 if TASKS[name].language == "sh" else MOST_LINES)
    assert not any(";" in line or len(line) > 100 for line in lines if TASKS[name].language != "sh")


@pytest.mark.slow
@pytest.mark.parametrize("name", TASKS)
def test_a_task_does_what_it_says(name: str, folder: Path, in_this_process: RunProgram) -> None:
    task = TASKS[name]
    said = run_blocks([Block(1, task.language, f"{task.text}\n")], folder, {}, run=in_this_process)
    assert task.holds(folder, said), said
