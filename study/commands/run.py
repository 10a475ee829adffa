"""`run`: the whole job, from a question to an answer."""

import os
from pathlib import Path

import click

from study.coordinator.interrupts import caught_interrupts
from study.coordinator.pruners import PRUNERS
from study.coordinator.samplers import SAMPLERS
from study.durations import parse_duration
from study.lock import locked
from study.pipeline import begin, clear_shared, fresh_or_whole, open_trials, search, workers
from study.progress.lines import LineProgress
from study.request import Request
from study.run_directory import RunDirectory, check_study_name


@click.command("run")
@click.argument("space", required=False)
@click.option(
    "--data", metavar="NAME|FILE.npz", help="digits (default), mnist, fashion-mnist, or a file."
)
@click.option("--name", help="The study's name; SPACE-DATA if not given.")
@click.option(
    "--trials", type=click.IntRange(1), help="Trials in all, the baseline's too.  [default: 30]"
)
@click.option(
    "--timeout", metavar="TIME", help="Start no more trials after this time: 90s, 30m, 2h."
)
@click.option("--trial-timeout", metavar="TIME", help="End a trial that takes longer.")
@click.option("--jobs", type=click.IntRange(1, 1024), help="Workers.  [default: the cores]")
@click.option("--seed", type=click.IntRange(0), help="The study's seed.  [default: 0]")
@click.option("--sampler", type=click.Choice(SAMPLERS), help="What chooses params.  [default: tpe]")
@click.option(
    "--pruner", type=click.Choice(PRUNERS), help="What ends poor trials.  [default: median]"
)
@click.option(
    "--deterministic/--no-deterministic",
    default=None,
    help="Repeat to the bit, whatever the timing.",
)
@click.option(
    "--enqueue", type=click.Path(path_type=Path), metavar="FILE.json", help="Params to try first."
)
@click.option("--storage", metavar="URL", help="An Optuna storage instead of the run directory's.")
@click.option(
    "--runs-dir",
    type=click.Path(path_type=Path),
    default="runs",
    show_default=True,
    help="Where studies lie.",
)
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
    storage: str | None,
    runs_dir: Path,
    quiet: bool,
) -> int:
    """Run a study: baseline, search, confirmation, report, bundle."""
    request = Request(
        space=space,
        data=data,
        trials=trials,
        timeout_seconds=parse_duration(timeout, "--timeout") if timeout else None,
        trial_timeout_seconds=parse_duration(trial_timeout, "--trial-timeout")
        if trial_timeout
        else None,
        jobs=jobs,
        seed=seed,
        sampler=sampler,
        pruner=pruner,
        deterministic=deterministic,
        storage=storage,
        enqueue=enqueue,
    )
    name = name or f"{Path(space or 'four').stem}-{Path(data or 'digits').stem}"
    return run_study(RunDirectory(runs_dir / check_study_name(name)), request, quiet)


def run_study(run: RunDirectory, request: Request, quiet: bool) -> int:
    """Do the whole job and return the exit code."""
    with fresh_or_whole(run), locked(run), caught_interrupts() as interrupts:
        executor = workers(run, request)
        try:
            begun = begin(run, request, os.environ)
            executor.open_data(run.shared_data)
            storage = open_trials(run, begun.plan, request.storage)
            watcher = LineProgress((lambda _: None) if quiet else click.echo)
            end = search(run, begun, storage, executor, watcher, interrupts)
        finally:
            executor.close()
            clear_shared(run)
    if end == "interrupted":
        click.echo(f"Stopped; go on with: dense-study resume {run.name}", err=True)
        return 130
    return 0
