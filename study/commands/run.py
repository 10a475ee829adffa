"""`run`: the whole job, from a question to an answer."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from reports.summary import render_summary
from search_spaces.change import changed_space
from search_spaces.measures import MEASURE_NAMES
from search_spaces.read import load_space
from study.commands import shared_options as options
from study.commands.completion import space_names
from study.commands.data_options import data_names, planned_reading
from study.commands.examples import examples
from study.commands.json_option import as_json, record_text
from study.commands.option_values import (
    fraction,
    seconds,
    seed_count,
    stop_rule,
    with_margin,
)
from study.commands.place_options import place
from study.commands.streams import page_width, say
from study.executors.choose import Place
from study.exporters.destination import Destination
from study.machine import process_began
from study.progress.shown import shown_progress
from study.run_dir.names import check_study_name
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import find_plan
from study.run_dir.search_options import PRUNERS, SAMPLERS
from study.workflows.request import Request, asked_space, default_name, with_data_of_space
from study.workflows.run import how_to_go_on, run_study


@click.command(
    "run",
    epilog=examples(
        "dense-study run four --data digits --trials 30",
        "dense-study run four --data mnist --budget 10m",
        "dense-study run wide --data mnist --timeout 2h --name mnist-wide",
        "dense-study run four --trials 100 --stop-when done",
        "dense-study run four --set width=512 --vary dropout=0:0.5 --data digits",
    ),
)
@click.argument("space", required=False, shell_complete=space_names)
@options.planned("--data", "data", metavar=options.DATA, shell_complete=data_names)
@planned_reading
@click.option(
    "--set",
    "fixed",
    multiple=True,
    metavar="NAME=VALUE",
    help="Fix a parameter; may be repeated.",
)
@click.option(
    "--vary",
    "varied",
    multiple=True,
    metavar="NAME=LOW:HIGH",
    help="Search a parameter from LOW to HIGH; LOW:HIGH:log or ONE,TWO,... too; may be repeated.",
)
@click.option("--name", help="The study's name.  [default: SPACE-DATA]")
@options.planned("--trials", "trials", type=options.TRIALS)
@options.planned(
    "--timeout", "timeout_seconds", callback=seconds, metavar="TIME", show_default=False
)
@options.planned("--budget", "budget_seconds", callback=seconds, metavar="TIME", show_default=False)
@options.planned(
    "--trial-timeout", "trial_timeout_seconds", callback=seconds, metavar="TIME", show_default=False
)
@options.planned("--stop-when", "stop_when", callback=stop_rule, metavar=options.STOP_WHEN)
@options.jobs("the cores")
@options.planned("--seed", "seed", type=options.SEED)
@options.planned("--measure", "measure", type=click.Choice(MEASURE_NAMES))
@options.folds
@options.planned("--sampler", "sampler", type=click.Choice(SAMPLERS))
@options.planned("--pruner", "pruner", type=click.Choice(PRUNERS))
@click.option(
    "--deterministic/--no-deterministic",
    default=None,
    help="Make the study repeatable to the bit, also with several jobs.",
)
@click.option(
    "--enqueue",
    type=click.Path(path_type=Path),
    metavar="FILE.json",
    help="A JSON list of params to try first.",
)
@options.planned("--confirm/--no-confirm", "confirm")
@options.planned("--confirm-seeds", "confirm_seeds", callback=seed_count, metavar="K|auto")
@options.planned("--top", "top", type=options.TOP)
@options.planned("--margin", "margin", type=options.POINTS, callback=fraction)
@options.planned("--ablate/--no-ablate", "ablate")
@options.fail_unless_beats
@place
@options.planned("--storage", "storage", metavar="URL", show_default=False)
@options.log_to
@options.runs_dir
@options.quiet("errors and the final answer")
@as_json("Print the whole record as JSON.")
def command(  # noqa: PLR0913 click passes one argument an option
    *,
    fixed: tuple[str, ...],
    varied: tuple[str, ...],
    name: str | None,
    jobs: int | None,
    deterministic: bool | None,
    enqueue: Path | None,
    fail_unless_beats: bool,
    place: Place,
    storage: str | None,
    log_to: tuple[Destination, ...],
    runs_dir: Path,
    quiet: bool,
    as_json: bool,
    **planned: Any,
) -> int:
    """Run a study: baseline, search, confirmation, report, bundle.

    SPACE is a shipped search space or a TOML file (default: four). Running it again continues the
    study up to its total of trials; options that are not given then keep their values.

    With --set and --vary SPACE is changed without a file; the study keeps the space it searched.
    """
    if fail_unless_beats and planned["confirm"] is False:
        raise click.UsageError("--fail-unless-beats needs a confirmation: leave out --no-confirm")
    if deterministic and place.is_elastic and jobs is None:
        raise click.UsageError("--deterministic on a cluster needs --jobs: workers come and go")
    given = {name: value for name, value in planned.items() if value is not None}
    request = Request(given, jobs, deterministic, storage, enqueue, place, log_to=log_to)
    request = replace(request, asked_at=process_began())
    if fixed or varied:
        own = changed_space(load_space(str(asked_space(request, None))), fixed, varied)
        request = replace(request, given={**given, "space": own.name}, own_space=own)
    request = with_data_of_space(request)
    run = RunDirectory(runs_dir / check_study_name(name or default_name(request)))
    request = replace(request, given=with_margin(request.given, find_plan(run)))
    return finish(run, request, Answering(fail_unless_beats, quiet, as_json))


@dataclass(frozen=True)
class Answering:
    """How a study's answer is given: as an exit code too, with nothing beside it, as JSON."""

    fail_unless_beats: bool
    quiet: bool
    as_json: bool


def finish(run: RunDirectory, request: Request, how: Answering) -> int:
    """Run the study, print its answer and return the exit code."""
    try:
        with shown_progress(Console(stderr=True), how.quiet) as shown:
            record = run_study(run, request, shown)
    except KeyboardInterrupt:
        say(how_to_go_on(run, request), err=True)
        return 130
    say(record_text(record) if how.as_json else render_summary(record, page_width()), nl=False)
    if not how.quiet:
        say(f"\nreport  {run.report}\nbundle  {run.best}", err=how.as_json)
    confirmation = record.confirmation
    return options.exit_code(confirmation, how.fail_unless_beats) if confirmation else 0
