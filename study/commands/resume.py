"""`resume`: continue a study as its plan says."""

from pathlib import Path

import click

from study.commands import shared_options as options
from study.commands.place_options import place
from study.commands.run import finish
from study.executors.choose import Place
from study.record.snapshot import find_run
from study.workflows.request import Request


@click.command("resume")
@click.argument("name")
@options.jobs("as before")
@options.data_now()
@place
@options.storage
@options.fail_unless_beats
@options.runs_dir
@options.quiet("errors and the final answer")
def command(
    *,
    name: str,
    jobs: int | None,
    data: str | None,
    place: Place,
    storage: str | None,
    fail_unless_beats: bool,
    runs_dir: Path,
    quiet: bool,
) -> int:
    """Continue a study with the options it was started with, up to its total of trials."""
    given = {} if data is None else {"data": data}
    request = Request(given, jobs=jobs, storage=storage, place=place)
    return finish(find_run(runs_dir, name, storage), request, fail_unless_beats, quiet)
