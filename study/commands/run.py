"""`run`: the whole job, from a question to an answer."""

from pathlib import Path

import click
from rich.console import Console

from study.commands import options
from study.coordinator.names import PRUNERS, SAMPLERS
from study.durations import parse_duration
from study.executors.choose import Place
from study.main_job import how_to_go_on, run_study, tell
from study.request import Request
from study.run_directory import RunDirectory, check_study_name


@click.command("run")
@click.argument("space", required=False)
@click.option("--data", metavar="NAME|FILE", help="digits (default), mnist, fashion-mnist, .npz.")
@click.option("--name", help="The study's name.  [default: SPACE-DATA]")
@click.option("--trials", type=click.IntRange(1), help="Trials in all.  [default: 30]")
@click.option("--timeout", metavar="TIME", help="Start no trial after this: 90s, 30m, 2h.")
@click.option("--trial-timeout", metavar="TIME", help="End a trial that takes longer.")
@click.option("--jobs", type=click.IntRange(1, 1024), help="Workers.  [default: the cores]")
@click.option("--seed", type=click.IntRange(0, 2**53), help="The study's seed.  [default: 0]")
@click.option("--sampler", type=click.Choice(SAMPLERS), help="Chooses params.  [default: tpe]")
@click.option("--pruner", type=click.Choice(PRUNERS), help="Ends trials.  [default: median]")
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
@click.option("--confirm/--no-confirm", default=None, help="Settle the answer.  [default: yes]")
@click.option("--confirm-seeds", metavar="K|auto", help="Seeds a side.  [default: 5]")
@click.option("--top", type=click.IntRange(1, 100), help="Configs that race.  [default: 3]")
@click.option(
    "--margin",
    type=click.FloatRange(0.0, 100.0),
    help="Smallest gain that matters, percentage points.  [default: 0]",
)
@click.option("--ablate/--no-ablate", default=None, help="Say which changes brought the gain.")
@options.fail_unless_beats
@options.cluster
@options.insecure_cluster
@click.option(
    "--storage",
    metavar="URL",
    help="postgresql://... or another Optuna storage, not its own SQLite.",
)
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
    name = name or f"{Path(space or 'four').stem}-{Path(data or 'digits').stem}"
    run = RunDirectory(runs_dir / check_study_name(name))
    return finish(run, request, fail_unless_beats, quiet)


def finish(run: RunDirectory, request: Request, fail_unless_beats: bool, quiet: bool) -> int:
    """Run the study, tell its answer and return the exit code."""
    console = Console()
    try:
        record = run_study(run, request, console, quiet)
    except KeyboardInterrupt:
        click.echo(how_to_go_on(run, request), err=True)
        return 130
    tell(run, record, console, quiet)
    confirmation = record.confirmation
    return options.exit_code(confirmation, fail_unless_beats) if confirmation else 0


def _seconds(text: str | None, where: str) -> float | None:
    return None if text is None else parse_duration(text, where)


def _seeds(text: str | None) -> int | None:
    return None if text is None else options.parse_seeds(text) or 0
