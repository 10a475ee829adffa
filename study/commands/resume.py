"""`resume`: go on with a study as its plan says."""

from pathlib import Path

import click

from study.commands import shared_options as options
from study.commands.run import finish
from study.executors.choose import Place
from study.record.snapshot import find_run
from study.workflows.request import Request


@click.command("resume")
@click.argument("name")
@click.option("--jobs", type=click.IntRange(1, 1024), help="Workers.  [default: as before]")
@click.option("--data", metavar="NAME|FILE.npz", help="Where the study's data lies now.")
@options.cluster
@options.insecure_cluster
@options.storage
@options.fail_unless_beats
@options.runs_dir
@click.option("--quiet", is_flag=True, help="Only errors and the last answer.")
def command(  # noqa: PLR0913 click passes one argument an option
    *,
    name: str,
    jobs: int | None,
    data: str | None,
    cluster: str | None,
    insecure_cluster: bool,
    storage: str | None,
    fail_unless_beats: bool,
    runs_dir: Path,
    quiet: bool,
) -> int:
    """Continue a study with what it was started with, up to its total of trials."""
    place = Place(cluster, insecure_cluster)
    request = Request(data=data, jobs=jobs, storage=storage, place=place)
    return finish(find_run(runs_dir, name, storage), request, fail_unless_beats, quiet)
