"""`show`: a study's answer as text, or its whole record as JSON."""

from pathlib import Path

import click

from reports.summary import render_summary
from study.commands import shared_options as options
from study.commands.completion import study_names
from study.commands.examples import examples
from study.commands.json_option import as_json, record_text
from study.commands.streams import page_width, say
from study.record.snapshot import collect_snapshot, find_run


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
    say(record_text(record) if as_json else render_summary(record, page_width()), nl=False)
    return 0
