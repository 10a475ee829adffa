"""`plan`: predict what a run would cost and which gain it could detect."""

import json
from dataclasses import replace

import click

from reports.json_values import to_json
from search_spaces.data_source import DataOptions
from search_spaces.measures import MEASURE_NAMES, MEASURES, AskedMeasure
from study.commands import data_options
from study.commands import shared_options as options
from study.commands.completion import space_names
from study.commands.examples import examples
from study.commands.json_option import as_json
from study.commands.number_types import FiniteRange
from study.commands.option_values import seconds, seed_count
from study.commands.streams import say
from study.confirmation.design import Design, forecast, forecast_words
from study.machine import cores, process_began
from study.run_dir.confirm_options import ConfirmOptions
from study.run_dir.option import options_of
from study.run_dir.plan import Plan
from study.workflows.forecast import Question, ask_probes
from study.workflows.request import data_of


@click.command(
    "plan",
    epilog=examples(
        "dense-study plan four --data mnist --trials 12 --gain 0.2",
        "dense-study plan four --data mnist --budget 10m",
        "dense-study plan four --data digits --json",
    ),
)
@click.argument("space", default=options_of(Plan)["space"].default, shell_complete=space_names)
@data_options.data_of_space
@data_options.how_it_is_read
@options.asked("--trials", Plan, "trials", type=options.TRIALS)
@options.planned("--budget", "budget_seconds", callback=seconds, metavar="TIME", show_default=False)
@options.asked("--confirm-seeds", ConfirmOptions, "seeds", callback=seed_count, metavar="K|auto")
@options.asked("--top", ConfirmOptions, "top", type=options.TOP)
@click.option(
    "--gain",
    type=FiniteRange(0.0, 100.0, min_open=True),
    help="The gain that you want to detect: points, or nats of log loss.  [default: 0.3; of losses "
    "0.01]",
)
@options.asked("--measure", Plan, "measure", type=click.Choice(MEASURE_NAMES))
@options.folds
@options.jobs("the cores")
@options.asked("--seed", Plan, "seed", type=options.SEED)
@click.option(
    "--probes",
    type=click.IntRange(1, 100),
    default=3,
    show_default=True,
    help="Random configs to try.",
)
@options.quiet("the prediction")
@as_json("Print the prediction as JSON.")
def command(  # noqa: PLR0913 click passes one argument an option
    *,
    space: str,
    data: str | None,
    read_as: DataOptions,
    trials: int,
    budget_seconds: float | None,
    confirm_seeds: int,
    top: int,
    gain: float | None,
    measure: AskedMeasure,
    folds: int | None,
    jobs: int | None,
    seed: int,
    probes: int,
    quiet: bool,
    as_json: bool,
) -> int:
    """Predict what a run would cost and which gain it could detect, from a few probe trials."""
    how = ConfirmOptions(seeds=confirm_seeds or None, top=top)
    began = process_began()
    source, options_of_data = data_of(space, data, read_as)
    question = Question(space, source, seed, probes, jobs or cores(), options_of_data, measure)
    question = replace(question, folds=folds)
    found, tested, ready = ask_probes(question, options.say_unless(quiet))
    n, groups, inputs = tested
    wanted, scored = _gain(gain, measure), found.baseline.measure.name
    design = Design(trials, question.jobs, n, wanted, how, groups, inputs=inputs, measure=scored)
    design = replace(design, budget_seconds=budget_seconds or 0.0, start_seconds=ready - began)
    predicted = forecast(found, design)
    if as_json:
        say(json.dumps(to_json(predicted), indent=1))
    for line in () if as_json else forecast_words(predicted):
        say(line)
    return 0


def _gain(gain: float | None, measure: AskedMeasure) -> float:
    """Return the gain to detect in the measure's own unit, a fraction for points."""
    if MEASURES[measure].unit == "fraction":
        return 0.003 if gain is None else gain / 100
    return 0.01 if gain is None else gain
