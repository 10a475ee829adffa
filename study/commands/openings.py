"""`ledger`: which test splits the studies of a folder have opened, and what that costs."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click

from reports.numbers import percent, plural
from reports.opening import uncounted_words
from reports.statistics.spending import level_of_opening
from search_spaces.faults import FaultError, fault
from study.commands import shared_options as options
from study.commands.examples import examples
from study.commands.json_option import as_json
from study.commands.list import aligned
from study.commands.streams import say
from study.database.reader import openings_of
from study.record.collect import read_data_record
from study.run_dir.noted_opening import NotedOpening
from study.run_dir.opened_splits import CountedOpening, OpenedSplit, opened_splits
from study.run_dir.paths import RunDirectory
from study.run_dir.urls import is_postgres, redact_url
from study.run_dir.user_ledger import SWITCH, user_ledger

_HEADS = ("opening", "study", "opened (UTC)", "for")


@click.command(
    epilog=examples(
        "dense-study ledger",
        "dense-study ledger --json",
    )
)
@options.runs_dir
@click.option(
    "--storage",
    metavar="URL",
    help="Also list the openings by the studies of this PostgreSQL database.",
)
@as_json("Print the openings as JSON.")
def command(runs_dir: Path, storage: str | None, as_json: bool) -> int:
    """List every opening of a test split by you and by the studies of a folder.

    Openings of one test split share one error of 5 %, whatever studies make them: each answer has a
    wider interval than the one before. An opening that tells nothing new (the same networks again,
    or the next planned look) has the number of the one before. Yours are in the user's ledger,
    $XDG_STATE_HOME/dense-study/ledger.jsonl, whatever became of the studies.
    """
    user = user_ledger(os.environ).read()
    splits, faults = opened_splits(runs_dir, (*user.noted, *_kept(storage)))
    if as_json:
        say(json.dumps([_as_json(one) for one in splits], indent=1))
    elif not splits and not faults:
        nor = "" if user.uncounted else ", nor have you elsewhere"
        say(f"No study in {runs_dir} has opened a test split{nor}.")
    else:
        for number, split in enumerate(splits):
            if number:
                say("")
            _say_split(runs_dir, split)
    if user.uncounted == "off":
        words = uncounted_words(user.uncounted)
        say(f"{words[:1].upper()}{words[1:]}: ${SWITCH} is off.", err=True)
    faults += user.faults
    for one in faults:
        say(f"Error: {one}", err=True)
    return 1 if faults else 0


def _kept(storage: str | None) -> tuple[NotedOpening, ...]:
    if storage is None:
        return ()
    if not is_postgres(storage):
        what = "is no PostgreSQL database, and no other keeps openings"
        raise fault("--storage", what, redact_url(storage), "postgresql://USER@HOST/DATABASE")
    return openings_of(storage)


def _say_split(runs_dir: Path, split: OpenedSplit) -> None:
    data = " and ".join(_data_names(split)) or "data without a name"
    level = percent(level_of_opening(split.count + 1))
    say(
        f"Test split {split.fingerprint[:12]} of {data}: {plural(split.count, 'opening')} so far; "
        f"the next answer's interval would be at {level}."
    )
    rows = [
        (
            str(one.number),
            _study(runs_dir, one.noted),
            one.noted.opening.when[:16].replace("T", " "),
            one.noted.opening.why,
        )
        for one in split.openings
    ]
    for line in aligned([_HEADS, *rows]):
        say(f"  {line}")


def _study(runs_dir: Path, noted: NotedOpening) -> str:
    is_here = noted.folder == os.path.realpath(runs_dir)
    return noted.study if is_here else f"{noted.study} in {noted.folder}"


def _data_names(split: OpenedSplit) -> tuple[str, ...]:
    """Return the names that the studies have for the data; what is left of one has none."""
    names: set[str] = set()
    for place in _places(split):
        try:
            names.add(read_data_record(RunDirectory(place)).name)
        except FaultError:
            continue
    return tuple(sorted(names))


def _places(split: OpenedSplit) -> Iterable[Path]:
    return {Path(one.noted.folder) / one.noted.study for one in split.openings}


def _as_json(split: OpenedSplit) -> dict[str, object]:
    return {
        "fingerprint": split.fingerprint,
        "data": list(_data_names(split)),
        "count": split.count,
        "next_level": level_of_opening(split.count + 1),
        "openings": [_opening(one) for one in split.openings],
    }


def _opening(one: CountedOpening) -> dict[str, object]:
    return {"number": one.number, **asdict(one.noted)}
