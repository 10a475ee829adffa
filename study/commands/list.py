"""`list`: the studies of a folder, a line each."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from reports.fold_words import rows_of
from reports.record import StudyRecord
from reports.trial_record import TrialRecord
from reports.trial_words import named_words
from reports.trials import baseline_trial, begun, best_trial
from reports.views.answer import answers
from search_spaces.faults import FaultError
from study.commands import shared_options as options
from study.commands.examples import examples
from study.commands.json_option import as_json
from study.commands.streams import say
from study.record.snapshot import collect_snapshot
from study.run_dir.folder import find_runs, find_shut
from study.run_dir.paths import RunDirectory

_HEADS = ("study", "data", "trials", "best (validation)", "baseline", "answer", "started (UTC)")


@click.command(
    epilog=examples(
        "dense-study list",
        "dense-study list --json",
    )
)
@options.runs_dir
@as_json("Print a list of objects as JSON.")
def command(runs_dir: Path, as_json: bool) -> int:
    """List the studies of a folder with their trials, best accuracy and answer."""
    records, unread = studies(find_runs(runs_dir))
    for path in find_shut(runs_dir):
        say(f"{path}: not looked at, since its owner keeps it shut", err=True)
    if as_json:
        say(json.dumps([study_object(one) for one in records], indent=1))
    elif not records and not unread:
        say(f"No studies in {runs_dir}. Start one: dense-study run")
    elif records:
        for line in aligned([_HEADS, *map(study_row, records)]):
            say(line)
    for line in unread:
        say(line, err=True)
    return 1 if unread else 0


def studies(runs: Sequence[RunDirectory]) -> tuple[list[StudyRecord], list[str]]:
    """Return the record of each study, and a line for each that cannot be read."""
    records, unread = [], []
    for run in runs:
        try:
            records.append(collect_snapshot(run))
        except FaultError as error:
            unread.append(f"Error: {error}")
    return records, unread


def study_object(record: StudyRecord) -> dict[str, object]:
    """Return what a program asks of a study first; accuracies are fractions, on validation."""
    best, base = best_trial(record), baseline_trial(record)
    return {
        "name": record.name,
        "data": record.data.name,
        "space": record.space.name,
        "created": record.created,
        "trials": len(begun(record)),
        "trials_asked": record.trials_asked,
        "best": best and {"trial": best.number, **_reached(record, best), "n": best.n},
        "baseline": base and {**_reached(record, base), "n": base.n},
        "answer": answers(record)[0].word if record.confirmation else None,
    }


def _reached(record: StudyRecord, trial: TrialRecord) -> dict[str, float | None]:
    found: dict[str, float | None] = {"accuracy": trial.accuracy}
    return found if record.measure == "accuracy" else {**found, record.measure: trial.value}


def study_row(record: StudyRecord) -> tuple[str, ...]:
    """Return one study in words; values are of one seed, on its validation images."""
    best, base = best_trial(record), baseline_trial(record)
    return (
        record.name,
        record.data.name,
        f"{len(begun(record))} of {record.trials_asked}",
        f"{named_words(record.measure, best)}, {rows_of(best)}" if best else "-",
        named_words(record.measure, base) if base else "-",
        answers(record)[0].word if record.confirmation else "not confirmed",
        record.created[:16].replace("T", " "),
    )


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Set the columns of rows below each other, two spaces apart."""
    sizes = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(word.ljust(size) for word, size in zip(row, sizes, strict=True)).rstrip()
        for row in rows
    ]
