"""`train`: train one config file by itself."""

import json
import os
from pathlib import Path

import click

from reports.json_values import to_json
from search_spaces.data_source import DataOptions
from study.commands import data_options
from study.commands import shared_options as options
from study.commands.examples import examples
from study.commands.json_option import as_json
from study.commands.streams import say
from study.config_file import load_config
from study.data.load import load_data
from study.machine import cores
from study.workflows.train import TrainRequest, train_seeds, trained_words


@click.command(
    "train",
    epilog=examples(
        "dense-study train best.toml --data digits --seeds 3",
        "dense-study train best.toml --data digits --json",
    ),
)
@click.argument("config", type=click.Path(path_type=Path), metavar="CONFIG.toml")
@data_options.data
@data_options.how_it_is_read
@click.option("--seeds", type=click.IntRange(1, 1000), default=1, show_default=True)
@options.first_seed
@click.option(
    "--save",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Save the networks in this folder.",
)
@click.option(
    "--test",
    "ledger",
    type=click.Path(path_type=Path),
    metavar="LEDGER",
    help="Train on train + validation, open the test split, and record that in this file.",
)
@options.jobs("the cores")
@as_json("Print what was reached as JSON.")
def command(  # noqa: PLR0913 click passes one argument an option
    *,
    config: Path,
    data: str,
    read_as: DataOptions,
    seeds: int,
    seed: int,
    save: Path | None,
    ledger: Path | None,
    jobs: int | None,
    as_json: bool,
) -> int:
    """Train one config file and say what it reaches.

    Without --test the accuracy is that on a validation split, and the test split stays sealed.
    """
    request = TrainRequest(load_config(config), tuple(range(seed, seed + seeds)), ledger, save)
    loaded = load_data(data, os.environ, options.say_beside, read_as)
    trained = train_seeds(request, loaded, min(jobs or cores(), seeds), options.say_beside)
    if as_json:
        say(json.dumps(to_json(trained), indent=1))
    for line in () if as_json else trained_words(trained):
        say(line)
    return 0
