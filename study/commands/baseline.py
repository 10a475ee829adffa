"""`baseline`: the baseline alone, step by step or over many seeds."""

import json
import os
from pathlib import Path

import click

from reports.json_values import to_json
from search_spaces.data_source import DataOptions
from search_spaces.measures import MEASURE_NAMES, AskedMeasure
from study.commands import data_options
from study.commands import shared_options as options
from study.commands.examples import examples
from study.commands.json_option import as_json
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
from study.workflows.request import data_of


@click.command(
    "baseline",
    epilog=examples(
        "dense-study baseline --data digits",
        "dense-study baseline --data mnist --seeds 10",
        "dense-study baseline --data digits --measure log_loss --seeds 5",
        "dense-study baseline --data digits --seeds 3 --json",
    ),
)
@data_options.data_of_space
@data_options.how_it_is_read
@options.asked("--space", Plan, "space", "The search space that holds the baseline.")
@options.asked("--measure", Plan, "measure", "What is reported.", type=click.Choice(MEASURE_NAMES))
@click.option("--seeds", type=click.IntRange(1, 1000), help="Train it under this many seeds.")
@options.first_seed
@options.jobs("the cores")
@options.folder_of_runs("Its ledger is kept here, in baseline-DATA-FINGERPRINT.")
@options.quiet("the results")
@as_json("Print the results as JSON.")
def command(  # noqa: PLR0913 click passes one argument an option
    *,
    data: str | None,
    read_as: DataOptions,
    space: str,
    measure: AskedMeasure,
    seeds: int | None,
    seed: int,
    jobs: int | None,
    runs_dir: Path,
    quiet: bool,
    as_json: bool,
) -> int:
    """Train the baseline alone, step by step or over many seeds."""
    say_progress = options.say_unless(quiet)
    # Step by step, what happens on the way is what one wants to see.
    say_step = say_progress if quiet or as_json else say
    source, how = data_of(space, data, read_as)
    loaded = load_data(source, os.environ, say_progress, how)
    run = baseline_run_directory(runs_dir, loaded)
    workers = jobs or (1 if seeds is None else cores())
    asked, question = (source, how), (space, measure)
    with open_baseline(run, loaded, asked, question, workers, say_progress) as baseline_run:
        if seeds is None:
            one, lines = show_steps(baseline_run, seed, say_step)
            if as_json:
                say(json.dumps(to_json(one), indent=1))
                return 0
            for line in lines[:2]:
                say(line)
            say_step(lines[2])
        else:
            several, lines = judge_over_seeds(baseline_run, seed, seeds)
            say(json.dumps(to_json(several), indent=1) if as_json else "\n".join(lines))
    return 0
