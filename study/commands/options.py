"""Options that several commands share, so that each means the same everywhere."""

from pathlib import Path

import click

runs_dir = click.option(
    "--runs-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("runs"),
    show_default=True,
    help="Folder of the run directories.",
)

storage = click.option(
    "--storage", metavar="URL", help="The study's Optuna storage, where its URL has a password."
)
