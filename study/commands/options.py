"""Options that several commands share, so that each means the same everywhere."""

from pathlib import Path

import click

from reports.record import Confirmation
from search_spaces.faults import fault

# What `--fail-unless-beats` returns when the answer is another.
NOT_BEATEN = 4

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

fail_unless_beats = click.option(
    "--fail-unless-beats", is_flag=True, help="Exit with 4 unless it beats the re-run baseline."
)


def exit_code(confirmation: Confirmation, fail_unless_beats: bool) -> int:
    """Return 4 where a gate was asked for and the re-run baseline is not beaten, else 0."""
    beats = any(
        one.against == "baseline" and one.answer == "BEATS" for one in confirmation.comparisons
    )
    return NOT_BEATEN if fail_unless_beats and not beats else 0


def parse_seeds(text: str) -> int | None:
    """Return the number of seeds a side, None for auto; raises FaultError."""
    if text == "auto":
        return None
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 1000:
        return int(text)
    raise fault("--confirm-seeds", "not a number of seeds", repr(text), "auto, or 1 to 1000")
