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

cluster = click.option(
    "--cluster",
    metavar="ADDRESS|FILE.toml",
    help="Train on a Dask cluster: its scheduler's address, or a file that names it.",
)

insecure_cluster = click.option(
    "--insecure-cluster",
    is_flag=True,
    help="Allow a cluster without TLS that other machines can reach: they can run code on it.",
)

storage = click.option(
    "--storage",
    metavar="URL",
    help="The study's storage: where its URL has a password, or no run directory is here.",
)
