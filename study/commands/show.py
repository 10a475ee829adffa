"""`show`: a study's answer as text, or its whole record as JSON."""

import json
import shutil
import sys
from pathlib import Path

import click

from reports.json_record import record_to_json
from reports.record import StudyRecord
from reports.summary import render_summary
from study.commands import shared_options as options
from study.commands.completion import study_names
from study.commands.examples import examples
from study.commands.json_option import as_json
from study.commands.streams import say
from study.record.snapshot import collect_snapshot, find_run

NARROWEST, WIDEST, PIPE = 40, 100, 80


@click.command(
    epilog=examples(
        "dense-study show four-digits",
        "dense-study show four-digits --json",
    )
)
@click.argument("name", shell_complete=study_names)
@as_json("Print the whole record as JSON.")
@options.storage
@options.runs_dir
def command(name: str, as_json: bool, storage: str | None, runs_dir: Path) -> int:
    """Print the answer of study NAME, its best config, top trials and progress."""
    record = collect_snapshot(find_run(runs_dir, name, storage), storage)
    say(_as_json(record) if as_json else _as_text(record), nl=False)
    return 0


def _as_json(record: StudyRecord) -> str:
    # Plain ASCII: a pipe may have any encoding.
    return json.dumps(record_to_json(record), indent=2, allow_nan=False) + "\n"


def _as_text(record: StudyRecord) -> str:
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPE
    return render_summary(record, max(NARROWEST, min(WIDEST, width)))
