"""`plan`: say before a run what it would cost and could detect."""

from collections.abc import Callable

import click

from study.commands import shared_options as options
from study.commands.number_types import SEED, TRIALS, FiniteRange
from study.confirmation.design import Design, forecast
from study.machine import cores
from study.run_dir.confirm_options import ConfirmOptions
from study.run_dir.option import options_of
from study.run_dir.plan import Plan
from study.workflows.forecast import Question, ask_probes


@click.command("plan")
@click.argument("space", default=options_of(Plan)["space"].default)
@options.asked("--data", Plan, "data", metavar="NAME|FILE.npz")
@options.asked("--trials", Plan, "trials", type=TRIALS)
@options.asked("--confirm-seeds", ConfirmOptions, "seeds", metavar="K|auto")
@options.asked("--top", ConfirmOptions, "top", type=click.IntRange(1, 100))
@click.option(
    "--gain",
    type=FiniteRange(0.0, 100.0, min_open=True),
    default=0.3,
    show_default=True,
    help="The gain that you would like to detect, percentage points.",
)
@click.option("--jobs", type=click.IntRange(1, 1024), help="Workers.  [default: the cores]")
@options.asked("--seed", Plan, "seed", type=SEED)
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
