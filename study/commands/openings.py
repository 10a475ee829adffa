"""`ledger`: which test splits the studies of a folder have opened, and what that costs."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click

from reports.numbers import percent, plural
from reports.statistics.spending import level_of_opening
from search_spaces.faults import FaultError
from study.commands import shared_options as options
from study.commands.examples import examples
from study.commands.json_option import as_json
from study.commands.list import aligned
from study.commands.streams import say
from study.record.collect import read_data_record
from study.run_dir.opened_splits import OpenedSplit, opened_splits
from study.run_dir.paths import RunDirectory

_HEADS = ("opening", "study", "opened (UTC)", "for")


@click.command(
    epilog=examples(
        "dense-study ledger",
        "dense-study ledger --json",
    )
)
@options.runs_dir
@as_json("Print the openings as JSON.")
def command(runs_dir: Path, as_json: bool) -> int:
    """List every opening of a test split by the studies of a folder.

    Openings of one test split share one error of 5 %, whatever studies make them: each answer has a
    wider interval than the one before. An opening that tells nothing new (the same networks again,
    or the next planned look) has the number of the one before.
    """
    splits, faults = opened_splits(runs_dir)
    if as_json:
        say(json.dumps([_as_json(runs_dir, one) for one in splits], indent=1))
    elif not splits and not faults:
        say(f"No study in {runs_dir} has opened a test split.")
    else:
        for number, split in enumerate(splits):
            if number:
                say("")
            _say_split(runs_dir, split)
    for one in faults:
        say(f"Error: {one}", err=True)
    return 1 if faults else 0


def _say_split(runs_dir: Path, split: OpenedSplit) -> None:
    data = " and ".join(_data_names(runs_dir, split)) or "data without a name"
    level = percent(level_of_opening(split.count + 1))
    say(
        f"Test split {split.fingerprint[:12]} of {data}: {plural(split.count, 'opening')} so far; "
        f"the next answer's interval would be at {level}."
    )
    rows = [
        (
            str(one.number),
            one.study,
            one.opening.when[:16].replace("T", " "),
            one.opening.why,
        )
        for one in split.openings
    ]
    for line in aligned([_HEADS, *rows]):
        say(f"  {line}")


def _data_names(runs_dir: Path, split: OpenedSplit) -> tuple[str, ...]:
    """Return the names that the studies have for the data; a folder left over has none."""
    names: set[str] = set()
    for study in _studies(split):
        try:
            names.add(read_data_record(RunDirectory(runs_dir / study)).name)
        except FaultError:
            continue
    return tuple(sorted(names))


def _studies(split: OpenedSplit) -> Iterable[str]:
    return {one.study for one in split.openings}


def _as_json(runs_dir: Path, split: OpenedSplit) -> dict[str, object]:
    return {
        "fingerprint": split.fingerprint,
        "data": list(_data_names(runs_dir, split)),
        "count": split.count,
        "next_level": level_of_opening(split.count + 1),
        "openings": [asdict(one) for one in split.openings],
    }
