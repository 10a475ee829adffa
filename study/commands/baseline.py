"""`baseline`: the baseline alone, step by step or over many seeds."""

import os
from collections.abc import Callable
from pathlib import Path

import click

from study.commands import shared_options as options
from study.commands.number_types import SEED
from study.data.load import load_data
from study.machine import cores
from study.run_dir.plan import Plan
from study.workflows.baseline import (
    baseline_run_directory,
    judge_over_seeds,
    open_baseline,
    walk_through,
)


@click.command("baseline")
@options.asked("--data", Plan, "data", metavar="NAME|FILE.npz")
@click.option("--space", default="four", show_default=True, help="The space whose baseline it is.")
@click.option("--seeds", type=click.IntRange(1, 1000), help="Its distribution over so many seeds.")
@click.option("--seed", type=SEED, default=0, show_default=True, help="First seed.")
@click.option("--jobs", type=click.IntRange(1, 1024), help="Workers.  [default: the cores]")
@click.option(
    "--runs-dir",
    type=click.Path(path_type=Path),
    default="runs",
    show_default=True,
    help="Where its ledger lies, in baseline-DATA-FINGERPRINT.",
)
@click.option("--quiet", is_flag=True, help="Only the results.")
def command(
    *,
    data: str,
    space: str,
    seeds: int | None,
    seed: int,
    jobs: int | None,
    runs_dir: Path,
    quiet: bool,
) -> int:
    """Train the baseline alone, step by step or over many seeds."""
    say: Callable[[str], None] = (lambda _: None) if quiet else click.echo
    loaded = load_data(data, os.environ, say)
    run = baseline_run_directory(runs_dir, loaded)
    workers = jobs or (1 if seeds is None else cores())
    with open_baseline(run, loaded, space, workers, say) as baseline_run:
        if seeds is None:
            walk_through(baseline_run, seed, say, click.echo)
        else:
            click.echo(judge_over_seeds(baseline_run, seed, seeds))
    return 0
