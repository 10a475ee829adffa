"""`confirm`: find out on the sealed test split whether tuning beat the baseline."""

from collections.abc import Callable
from pathlib import Path

import click

from reports.record import Confirmation
from study.commands import shared_options as options
from study.commands.number_types import FiniteRange
from study.executors.choose import Place
from study.record.snapshot import find_run
from study.run_dir.confirm_options import ConfirmOptions
from study.workflows.confirm import Where, confirm_study


@click.command("confirm")
@click.argument("name")
@options.asked("--confirm-seeds", ConfirmOptions, "seeds", metavar="K|auto")
@options.asked("--top", ConfirmOptions, "top", type=click.IntRange(1, 100))
@options.asked("--margin", ConfirmOptions, "margin", type=FiniteRange(0.0, 100.0))
@options.asked("--ablate", ConfirmOptions, "ablate", is_flag=True)
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
