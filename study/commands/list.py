"""`list`: the studies of a folder, a line each."""

from collections.abc import Sequence
from pathlib import Path

import click

from reports.numbers import percent
from reports.record import StudyRecord
from reports.trials import baseline_trial, begun, best_trial
from reports.views.answer import answers
from search_spaces.faults import FaultError
from study.commands import shared_options as options
from study.commands.streams import say
from study.record.snapshot import collect_snapshot
from study.run_dir.folder import find_runs, find_shut
from study.run_dir.paths import RunDirectory

_HEADS = ("study", "data", "trials", "best (validation)", "baseline", "answer", "started (UTC)")


@click.command()
@options.runs_dir
def command(runs_dir: Path) -> int:
    """List the studies of a folder with their trials, best accuracy and answer."""
    rows, unread = study_rows(find_runs(runs_dir))
    for path in find_shut(runs_dir):
        say(f"{path}: not looked at, since its owner keeps it shut", err=True)
    if not rows and not unread:
        say(f"No studies in {runs_dir}. Start one: dense-study run")
        return 0
    if rows:
        for line in aligned([_HEADS, *rows]):
            say(line)
    for line in unread:
        say(line, err=True)
    return 1 if unread else 0


def study_rows(runs: Sequence[RunDirectory]) -> tuple[list[tuple[str, ...]], list[str]]:
    """Return a row of words for each study, and a line for each that cannot be read."""
    rows, unread = [], []
    for run in runs:
        try:
            rows.append(study_row(collect_snapshot(run)))
        except FaultError as error:
            unread.append(f"Error: {error}")
    return rows, unread


def study_row(record: StudyRecord) -> tuple[str, ...]:
    """Return one study in words; accuracies are of one seed, on its validation images."""
    best, base = best_trial(record), baseline_trial(record)
    return (
        record.name,
        record.data.name,
        f"{len(begun(record))} of {record.trials_asked}",
        f"{percent(best.accuracy)}, n = {best.n:,}" if best else "-",
        percent(base.accuracy) if base else "-",
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
