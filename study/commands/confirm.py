"""`confirm`: find out on the sealed test split whether tuning beat the baseline."""

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from reports.answer_words import trainings_words
from reports.json_record import confirmation_to_json
from reports.record import Confirmation
from study.commands import data_options
from study.commands import shared_options as options
from study.commands.completion import study_names
from study.commands.examples import examples
from study.commands.json_option import as_json
from study.commands.option_values import fraction, seed_count, with_margin
from study.commands.place_options import place
from study.commands.streams import say
from study.executors.choose import Place
from study.progress.shown import shown_progress
from study.record.snapshot import find_run
from study.run_dir.plan import find_plan
from study.workflows.confirm import Where, confirm_study

# What the study was asked for when it was run.
_PLANNED = "the study's"


@click.command(
    "confirm",
    epilog=examples(
        "dense-study confirm four-digits --confirm-seeds 10",
        "dense-study confirm four-digits --confirm-seeds auto --margin 0.1",
    ),
)
@click.argument("name", shell_complete=study_names)
@options.planned(
    "--confirm-seeds", "confirm_seeds", callback=seed_count, metavar="K|auto", now=_PLANNED
)
@options.planned("--top", "top", type=options.TOP, now=_PLANNED)
@options.planned("--margin", "margin", type=options.POINTS, callback=fraction, now=_PLANNED)
@options.planned("--ablate/--no-ablate", "ablate", now=_PLANNED)
@options.fail_unless_beats
@data_options.data_now()
@options.jobs("the study's")
@place
@options.storage
@options.runs_dir
@options.quiet("errors and the answer")
@as_json("Print the whole confirmation as JSON.")
def command(  # noqa: PLR0913 click passes one argument an option
    *,
    name: str,
    fail_unless_beats: bool,
    data: str | None,
    jobs: int | None,
    place: Place,
    storage: str | None,
    runs_dir: Path,
    quiet: bool,
    as_json: bool,
    **planned: Any,
) -> int:
    """Find out on the sealed test split whether tuning beat the baseline."""
    given = {name: value for name, value in planned.items() if value is not None}
    where = Where(data, jobs, place, storage)
    run = find_run(runs_dir, name, storage)
    given = with_margin(given, find_plan(run))
    with shown_progress(Console(stderr=True), quiet) as shown:
        confirmation = confirm_study(run, where, given, shown)
    if as_json:
        say(json.dumps(confirmation_to_json(confirmation), indent=1))
    for sentence in () if as_json else sentences(confirmation):
        say(sentence)
    return options.exit_code(confirmation, fail_unless_beats)


def sentences(confirmation: Confirmation) -> tuple[str, ...]:
    """Return the answers, and what would settle those that are open."""
    same = confirmation.equal_compute
    lines = [confirmation.headline] if confirmation.headline else []
    for comparison in (*confirmation.comparisons, *([] if same is None else [same])):
        lines.append(comparison.sentence)
        if comparison.settle is not None:
            lines.append(f"What would settle it: {comparison.settle}.")
    ended = dict.fromkeys(one for each in confirmation.comparisons for one in each.trainings)
    return (*lines, *(f"{trainings_words(one)}." for one in ended))
