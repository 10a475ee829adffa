"""`resume`: continue a study as its plan says."""

from dataclasses import replace
from pathlib import Path

import click

from study.commands import data_options
from study.commands import shared_options as options
from study.commands.completion import study_names
from study.commands.examples import examples
from study.commands.json_option import as_json
from study.commands.option_values import seconds, stop_rule
from study.commands.place_options import place
from study.commands.run import Answering, finish
from study.executors.choose import Place
from study.exporters.destination import Destination
from study.machine import process_began
from study.record.snapshot import find_run
from study.workflows.request import Request


@click.command(
    "resume",
    epilog=examples(
        "dense-study resume four-digits",
        "dense-study resume four-digits --trials 60",
    ),
)
@click.argument("name", shell_complete=study_names)
@click.option(
    "--trials",
    type=options.TRIALS,
    help="New total of trials, to be reached unless --stop-when is given too.  "
    "[default: as before]",
)
@options.planned(
    "--stop-when",
    "stop_when",
    callback=stop_rule,
    metavar=options.STOP_WHEN,
    now="as before",
)
@options.planned("--budget", "budget_seconds", callback=seconds, metavar="TIME", now="as before")
@options.jobs("as before")
@data_options.data_now()
@place
@options.storage
@options.log_to
@options.fail_unless_beats
@options.runs_dir
@options.quiet("errors and the final answer")
@as_json("Print the whole record as JSON.")
def command(  # noqa: PLR0913 click passes one argument an option
    *,
    name: str,
    trials: int | None,
    stop_when: str | None,
    budget_seconds: float | None,
    jobs: int | None,
    data: str | None,
    place: Place,
    storage: str | None,
    log_to: tuple[Destination, ...],
    fail_unless_beats: bool,
    runs_dir: Path,
    quiet: bool,
    as_json: bool,
) -> int:
    """Continue a study with the options it was started with, up to its total of trials."""
    asked = {
        "trials": trials,
        "stop_when": stop_when,
        "budget_seconds": budget_seconds,
        "data": data,
    }
    given = {option: value for option, value in asked.items() if value is not None}
    request = Request(given, jobs=jobs, storage=storage, place=place, log_to=log_to)
    request = replace(request, asked_at=process_began())
    how = Answering(fail_unless_beats, quiet, as_json)
    return finish(find_run(runs_dir, name, storage), request, how)
