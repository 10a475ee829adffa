"""`confirm`: find out on the sealed test split whether tuning beat the baseline."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click

from reports.record import Confirmation
from study.commands import options
from study.confirmation.confirm import confirm
from study.confirmation.options import ConfirmOptions
from study.coordinator.interrupts import caught_interrupts
from study.current import find_run
from study.data.load import load_data
from study.data.store import save_training_data
from study.executors.choose import THIS_MACHINE, Place
from study.held import held
from study.lock import locked
from study.opening import fresh_or_whole, workers
from study.plan import read_plan
from study.run_directory import RunDirectory


@dataclass(frozen=True)
class Where:
    """Where a study is confirmed: its data (None: as planned), the number of workers, the place."""

    data: str | None
    jobs: int | None
    place: Place = THIS_MACHINE


@click.command("confirm")
@click.argument("name")
@click.option(
    "--confirm-seeds",
    metavar="K|auto",
    default="5",
    show_default=True,
    help="Seeds a side in the final; auto: looks at 5, 10 and 20 and stops when it can tell.",
)
@click.option(
    "--top", type=click.IntRange(1, 100), default=3, show_default=True, help="Configs that race."
)
@click.option(
    "--margin",
    type=click.FloatRange(0.0, 100.0),
    default=0.0,
    show_default=True,
    help="Smallest gain that matters, percentage points.",
)
@click.option("--ablate", is_flag=True, help="Retrain along the path from baseline to winner.")
@options.fail_unless_beats
@click.option("--data", metavar="NAME|FILE.npz", help="Where the study's data lies now.")
@click.option("--jobs", type=click.IntRange(1, 1024), help="Workers.  [default: the study's]")
@options.cluster
@options.insecure_cluster
@options.storage
@options.runs_dir
@click.option("--quiet", is_flag=True, help="Only errors and the answer.")
def command(  # noqa: PLR0913 click passes one argument an option
    *,
    name: str,
    confirm_seeds: str,
    top: int,
    margin: float,
    ablate: bool,
    fail_unless_beats: bool,
    data: str | None,
    jobs: int | None,
    cluster: str | None,
    insecure_cluster: bool,
    storage: str | None,
    runs_dir: Path,
    quiet: bool,
) -> int:
    """Find out on the sealed test split whether tuning beat the baseline."""
    how = ConfirmOptions(
        seeds=options.parse_seeds(confirm_seeds),
        top=top,
        margin=margin / 100,
        ablate=ablate,
        storage=storage,
    )
    say: Callable[[str], None] = (lambda _: None) if quiet else click.echo
    where = Where(data, jobs, Place(cluster, insecure_cluster))
    confirmation = confirm_study(find_run(runs_dir, name, storage), where, how, say)
    for sentence in sentences(confirmation):
        click.echo(sentence)
    return options.exit_code(confirmation, fail_unless_beats)


def confirm_study(
    run: RunDirectory, where: Where, options: ConfirmOptions, say: Callable[[str], None]
) -> Confirmation:
    """Start workers, confirm, and end them; raises FaultError, KeyboardInterrupt."""
    with ExitStack() as stack:
        stack.enter_context(fresh_or_whole(run))
        stack.enter_context(locked(run))
        run = stack.enter_context(held(run, options.storage)).run
        interrupts = stack.enter_context(caught_interrupts())
        executor = stack.enter_context(workers(run, where.place, where.jobs, say))
        loaded = load_data(where.data or read_plan(run).data, os.environ)
        save_training_data(run.shared_data, loaded.training)
        executor.open_data(run.shared_data)
        return confirm(run, loaded, executor, options, say, interrupts)


def sentences(confirmation: Confirmation) -> tuple[str, ...]:
    """Return the answers, and what would settle those that are open."""
    told: list[str] = []
    for comparison in confirmation.comparisons:
        told.append(comparison.sentence)
        if comparison.settle is not None:
            told.append(f"What would settle it: {comparison.settle}.")
    if confirmation.equal_compute is not None:
        told.append(f"Equal compute. {confirmation.equal_compute.sentence}")
    return tuple(told)
