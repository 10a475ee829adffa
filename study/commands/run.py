"""`run`: the whole job, from a question to an answer."""

from pathlib import Path

import click
from rich.console import Console

from reports.numbers import parse_duration
from reports.summary import render_summary
from study.commands import shared_options as options
from study.commands.number_types import SEED, TRIALS, FiniteRange
from study.coordinator.names import PRUNERS, SAMPLERS
from study.executors.choose import Place
from study.progress.shown import shown_progress
from study.run_dir.names import check_study_name
from study.run_dir.paths import RunDirectory
from study.workflows.request import Request, default_name
from study.workflows.run import how_to_go_on, run_study

_WIDTH = 100


@click.command("run")
@click.argument("space", required=False)
@options.planned("--data", "data", metavar="NAME|FILE")
@click.option("--name", help="The study's name.  [default: SPACE-DATA]")
@options.planned("--trials", "trials", type=TRIALS)
@options.planned("--timeout", "timeout_seconds", metavar="TIME", show_default=False)
@options.planned("--trial-timeout", "trial_timeout_seconds", metavar="TIME", show_default=False)
@click.option("--jobs", type=click.IntRange(1, 1024), help="Workers.  [default: the cores]")
@options.planned("--seed", "seed", type=SEED)
@options.planned("--sampler", "sampler", type=click.Choice(SAMPLERS))
@options.planned("--pruner", "pruner", type=click.Choice(PRUNERS))
@click.option(
    "--deterministic/--no-deterministic",
    default=None,
    help="Repeat to the bit with several jobs, whatever the timing.",
)
@click.option(
    "--enqueue",
    type=click.Path(path_type=Path),
    metavar="FILE.json",
    help="A list of params to try first.",
)
@options.planned("--confirm/--no-confirm", "confirm")
@options.planned("--confirm-seeds", "confirm_seeds", metavar="K|auto")
@options.planned("--top", "top", type=click.IntRange(1, 100))
@options.planned("--margin", "margin", type=FiniteRange(0.0, 100.0))
@options.planned("--ablate/--no-ablate", "ablate")
@options.fail_unless_beats
@options.cluster
@options.insecure_cluster
@options.planned("--storage", "storage", metavar="URL", show_default=False)
@options.runs_dir
@click.option("--quiet", is_flag=True, help="Only errors and the last answer.")
def command(  # noqa: PLR0913 click passes one argument an option
    *,
    space: str | None,
    data: str | None,
    name: str | None,
    trials: int | None,
    timeout: str | None,
    trial_timeout: str | None,
    jobs: int | None,
    seed: int | None,
    sampler: str | None,
    pruner: str | None,
    deterministic: bool | None,
    enqueue: Path | None,
    confirm: bool | None,
    confirm_seeds: str | None,
    top: int | None,
    margin: float | None,
    ablate: bool | None,
    fail_unless_beats: bool,
    cluster: str | None,
    insecure_cluster: bool,
    storage: str | None,
    runs_dir: Path,
    quiet: bool,
) -> int:
    """Run a study: baseline, search, confirmation, report, bundle.

    SPACE is a shipped search space or a TOML file (default: four). Run again, a study goes on up
    to its total of trials; what is not given then stays as it was.
    """
    if fail_unless_beats and confirm is False:
        raise click.UsageError("--fail-unless-beats needs a confirmation: leave out --no-confirm")
    if deterministic and cluster and jobs is None:
        raise click.UsageError("--deterministic on a cluster needs --jobs: workers come and go")
    request = Request(
        space=space,
        data=data,
        trials=trials,
        timeout_seconds=_seconds(timeout, "--timeout"),
        trial_timeout_seconds=_seconds(trial_timeout, "--trial-timeout"),
        jobs=jobs,
        seed=seed,
        sampler=sampler,
        pruner=pruner,
        deterministic=deterministic,
        storage=storage,
        enqueue=enqueue,
        confirm=confirm,
        confirm_seeds=_seeds(confirm_seeds),
        top=top,
        margin=None if margin is None else margin / 100,
        ablate=ablate,
        place=Place(cluster, insecure_cluster),
    )
    name = name or default_name(request)
    run = RunDirectory(runs_dir / check_study_name(name))
    return finish(run, request, fail_unless_beats, quiet)


def finish(run: RunDirectory, request: Request, fail_unless_beats: bool, quiet: bool) -> int:
    """Run the study, print its answer and return the exit code."""
    console = Console()
    try:
        with shown_progress(console, quiet) as shown:
            record = run_study(run, request, shown)
    except KeyboardInterrupt:
        click.echo(how_to_go_on(run, request), err=True)
        return 130
    width = min(_WIDTH, console.width) if console.is_terminal else 80
    console.out(render_summary(record, width), highlight=False, end="")
    if not quiet:
        console.out(f"\nreport  {run.report}\nbundle  {run.best}", highlight=False)
    confirmation = record.confirmation
    return options.exit_code(confirmation, fail_unless_beats) if confirmation else 0


def _seconds(text: str | None, where: str) -> float | None:
    return None if text is None else parse_duration(text, where)


def _seeds(text: str | None) -> int | None:
    return None if text is None else options.parse_seeds(text) or 0
