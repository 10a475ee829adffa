"""`baseline`: the baseline alone, step by step or over many seeds."""

import os
from pathlib import Path

import click

from study.commands import data_options
from study.commands import shared_options as options
from study.commands.examples import examples
from study.commands.streams import say
from study.data.load import load_data
from study.machine import cores
from study.run_dir.plan import Plan
from study.workflows.baseline import (
    baseline_run_directory,
    judge_over_seeds,
    open_baseline,
    show_steps,
)


@click.command(
    "baseline",
    epilog=examples(
        "dense-study baseline --data digits",
        "dense-study baseline --data mnist --seeds 10",
    ),
)
@data_options.data
@options.asked("--space", Plan, "space", "The search space that holds the baseline.")
@click.option("--seeds", type=click.IntRange(1, 1000), help="Train it under this many seeds.")
@options.first_seed
@options.jobs("the cores")
@options.folder_of_runs("Its ledger is kept here, in baseline-DATA-FINGERPRINT.")
@options.quiet("the results")
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
    say_progress = options.say_unless(quiet)
    loaded = load_data(data, os.environ, say_progress)
    run = baseline_run_directory(runs_dir, loaded)
    workers = jobs or (1 if seeds is None else cores())
    with open_baseline(run, loaded, space, workers, say_progress) as baseline_run:
        if seeds is None:
            show_steps(baseline_run, seed, say_progress, say)
        else:
            say(judge_over_seeds(baseline_run, seed, seeds))
    return 0
