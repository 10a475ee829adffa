"""`plan`: tell before a run what it would cost and could detect."""

import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click

from search_spaces.read import load_space
from study.commands import options
from study.confirmation.forecast import Design, forecast
from study.confirmation.options import ConfirmOptions
from study.confirmation.prediction import predictor_process
from study.confirmation.probe import Probes, ProbeTask, probe
from study.coordinator.interrupts import caught_interrupts
from study.data.load import load_data
from study.data.store import save_training_data
from study.executors.local import LocalExecutor
from study.machine import cores


@dataclass(frozen=True)
class Question:
    """What is asked of the probes: where they are trained, and the study they stand for."""

    space: str
    data: str
    seed: int
    probes: int
    jobs: int


@click.command("plan")
@click.argument("space", default="four")
@click.option(
    "--data", default="digits", show_default=True, metavar="NAME|FILE.npz", help="What to train on."
)
@click.option("--trials", type=click.IntRange(1), default=30, show_default=True, help="In all.")
@click.option(
    "--confirm-seeds", metavar="K|auto", default="5", show_default=True, help="Seeds of the final."
)
@click.option(
    "--top", type=click.IntRange(1, 100), default=3, show_default=True, help="Configs that race."
)
@click.option(
    "--gain",
    type=click.FloatRange(0.0, 100.0, min_open=True),
    default=0.3,
    show_default=True,
    help="The gain you would like to be told, percentage points.",
)
@click.option("--jobs", type=click.IntRange(1, 1024), help="Workers.  [default: the cores]")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="The seed.")
@click.option(
    "--probes", type=click.IntRange(1, 100), default=3, show_default=True, help="Random configs."
)
@click.option("--quiet", is_flag=True, help="Only the forecast.")
def command(  # noqa: PLR0913 click passes one argument an option
    *,
    space: str,
    data: str,
    trials: int,
    confirm_seeds: str,
    top: int,
    gain: float,
    jobs: int | None,
    seed: int,
    probes: int,
    quiet: bool,
) -> int:
    """Tell before a run what it would cost and could detect."""
    how = ConfirmOptions(seeds=options.parse_seeds(confirm_seeds), top=top)
    say: Callable[[str], None] = (lambda _: None) if quiet else click.echo
    question = Question(space, data, seed, probes, jobs or cores())
    found, test_n = ask_probes(question, say)
    for line in forecast(found, Design(trials, question.jobs, test_n, gain / 100, how)):
        click.echo(line)
    return 0


def ask_probes(question: Question, say: Callable[[str], None]) -> tuple[Probes, int]:
    """Train the probes on workers and return what they told, and the number of test images."""
    space = load_space(question.space)
    loaded = load_data(question.data, os.environ, say)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dense-study-")))
        interrupts = stack.enter_context(caught_interrupts())
        executor = LocalExecutor(question.jobs, folder / "log.txt")
        stack.callback(executor.close)
        save_training_data(folder / "data", loaded.training)
        executor.open_data(folder / "data")
        ask = stack.enter_context(predictor_process(folder / "log.txt"))
        say("training probes: the baseline and random configs, on validation images alone")
        task = ProbeTask(space, loaded.training, question.seed, question.probes)
        return probe(task, executor, ask, interrupts), loaded.test.test_n
