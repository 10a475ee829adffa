"""`spaces new`: a commented search space for one's own data, to begin from."""

import json
import shlex
from pathlib import Path

import click

from search_spaces.data_source import DataOptions
from search_spaces.fingerprint import space_fingerprint
from study.commands import shared_options as options
from study.commands.data_options import data_names, how_it_is_read
from study.commands.examples import examples
from study.commands.json_option import as_json
from study.commands.streams import say
from study.workflows.new_space import write_new_space


@click.command(
    "new",
    epilog=examples(
        "dense-study spaces new --data digits",
        "dense-study spaces new --data flowers.csv --target kind --drop id --out flowers.toml",
    ),
)
@click.option(
    "--data",
    required=True,
    metavar=options.DATA,
    shell_complete=data_names,
    help="The data set that the space is for.",
)
@how_it_is_read
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.toml",
    help="Where to write it.  [default: the data's name in this folder]",
)
@click.option("--replace", is_flag=True, help="Write over a file that is there already.")
@as_json("Print what was written as a JSON object.")
def new_command(
    data: str, read_as: DataOptions, out: Path | None, *, replace: bool, as_json: bool
) -> int:
    """Write a commented search space for a data set, to begin from.

    The file names the data's inputs and classes, has ranges for its size and shape with a reason
    for each, the classic network as the baseline, and the data itself: it is a whole study.
    """
    place, space, facts = write_new_space(
        (data, read_as), out, options.say_beside, may_replace=replace
    )
    file = shlex.quote(str(place))
    following = [
        f"dense-study spaces show {file}",
        f"dense-study run {file}",
    ]
    if as_json:
        written = {
            "file": str(place),
            "name": space.name,
            "fingerprint": space_fingerprint(space),
            "searched": [one.name for one in space.parameters],
            "data": {"source": facts.source.source, **facts.source.options.given()},
            "train_n": facts.shape.train_n,
            "test_n": facts.test_n,
            "classes": [name for name, _ in facts.classes],
            "next": following,
        }
        say(json.dumps(written, indent=1))
        return 0
    counted = f"{len(space.parameters)} parameters to search, for {facts.shape.train_n:,} rows"
    say(f"{place}: {counted} and {len(facts.classes):,} classes of {facts.name}")
    say("Look at it and change what you like. Then:")
    for line in following:
        say(f"  {line}")
    return 0
