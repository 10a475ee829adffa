"""`train`: train one config file by itself."""

import os
from pathlib import Path

import click

from study.commands import shared_options as options
from study.commands.number_types import SEED
from study.config_file import load_config
from study.data.load import load_data
from study.machine import cores
from study.run_dir.plan import Plan
from study.workflows.train import TrainRequest, train_config


@click.command("train")
@click.argument("config", type=click.Path(path_type=Path), metavar="CONFIG.toml")
@options.asked("--data", Plan, "data", metavar="NAME|FILE.npz")
@click.option("--seeds", type=click.IntRange(1, 1000), default=1, show_default=True)
@click.option("--seed", type=SEED, default=0, show_default=True, help="First seed.")
@click.option("--save", type=click.Path(path_type=Path), metavar="DIR", help="Keep the networks.")
@click.option(
    "--test",
    "ledger",
    type=click.Path(path_type=Path),
    metavar="LEDGER",
    help="Train on all but the test split, open that, and note it in this file.",
)
@click.option("--jobs", type=click.IntRange(1, 1024), help="Workers.  [default: the cores]")
def command(
    *,
    config: Path,
    data: str,
    seeds: int,
    seed: int,
    save: Path | None,
    ledger: Path | None,
    jobs: int | None,
) -> int:
    """Train one config file and say what it reaches.

    Without --test the accuracy is that on a validation split, and the test split stays shut.
    """
    request = TrainRequest(load_config(config), tuple(range(seed, seed + seeds)), ledger, save)
    loaded = load_data(data, os.environ, _say)
    for line in train_config(request, loaded, min(jobs or cores(), seeds), _say):
        click.echo(line)
    return 0


def _say(text: str) -> None:
    click.echo(text, err=True)
