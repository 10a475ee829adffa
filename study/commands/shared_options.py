"""Options that several commands share, so that each means the same everywhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from reports.record import Confirmation
from search_spaces.faults import fault
from study.run_dir.option import options_of
from study.run_dir.plan import Plan

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

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


def planned(flags: str, name: str, *, show_default: bool = True, **attributes: Any) -> Decorator:
    """Make an option of the plan: not given, it stays as planned; a new study has the default.

    Help and default are those of the plan's field.
    """
    own = options_of(Plan)[name]
    default = f"  [default: {_shown(own.default)}]" if show_default else ""
    return click.option(flags, default=None, help=f"{own.help}{default}", **attributes)


def asked(flags: str, owner: type, name: str, **attributes: Any) -> Decorator:
    """Make an option with the default and the help of a dataclass's field."""
    own = options_of(owner)[name]
    default = own.default if isinstance(own.default, bool) else _shown(own.default)
    shown = not isinstance(own.default, bool)
    return click.option(flags, default=default, show_default=shown, help=own.help, **attributes)


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    return f"{default:g}" if isinstance(default, float) else str(default)


def exit_code(confirmation: Confirmation, fail_unless_beats: bool) -> int:
    """Return 4 where a gate was asked for and the re-run baseline is not beaten, else 0."""
    beats = any(
        one.against == "baseline" and one.answer == "BEATS" for one in confirmation.comparisons
    )
    return NOT_BEATEN if fail_unless_beats and not beats else 0


def parse_seeds(text: str) -> int | None:
    """Return the number of seeds of each config, None for auto; raises FaultError."""
    if text == "auto":
        return None
    if text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= 1000:
        return int(text)
    raise fault("--confirm-seeds", "not a number of seeds", repr(text), "auto, or 1 to 1000")
