"""Options that several commands share, so that each means the same everywhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from reports.record import Confirmation
from study.commands.number_types import FiniteRange
from study.commands.streams import say
from study.exporters.destination import LIVE_TARGETS, parse_live
from study.run_dir.fold_rule import MOST_FOLDS, RULE
from study.run_dir.option import options_of
from study.run_dir.plan import Plan

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

# What `--fail-unless-beats` returns when the answer is another.
NOT_BEATEN = 4

DATA = "NAME|FILE|FOLDER"
# TOML, JSON and every database hold these whole.
SEED = click.IntRange(0, 2**53)
TRIALS = click.IntRange(1, 10_000_000)
TOP = click.IntRange(1, 100)
STOP_WHEN = "done|no-progress:N"
POINTS = FiniteRange(0.0, 100.0)

Say = Callable[[str], None]


def folder_of_runs(text: str) -> Decorator:
    """Make the option of the folder in which run directories lie."""
    kind: click.Path = click.Path(path_type=Path, file_okay=False)
    default = Path("runs")
    return click.option(
        "--runs-dir",
        type=kind,
        default=default,
        show_default=True,
        envvar="DENSE_STUDY_RUNS_DIR",
        show_envvar=True,
        help=text,
    )


runs_dir = folder_of_runs("Folder of the run directories.")


def jobs(default: str) -> Decorator:
    """Make the option of the number of workers; `default` says in words what it is otherwise."""
    text = f"Workers.  [default: {default}]"
    return click.option(
        "--jobs",
        type=click.IntRange(1, 1024),
        envvar="DENSE_STUDY_JOBS",
        show_envvar=True,
        help=text,
    )


def quiet(rest: str) -> Decorator:
    """Make the option that leaves only `rest` to be printed."""
    return click.option("--quiet", is_flag=True, help=f"Print only {rest}.")


def say_unless(quiet: bool) -> Say:
    """Return where to say what happens on the way to the results: beside them, or nowhere."""
    return (lambda _: None) if quiet else say_beside


def say_beside(text: str) -> None:
    """Say what happens on the way where it does not mix with the results."""
    say(text, err=True)


storage = click.option(
    "--storage",
    metavar="URL",
    help="URL of the study's storage, if it has a password or there is no run directory here.",
)

fail_unless_beats = click.option(
    "--fail-unless-beats", is_flag=True, help="Exit with 4 unless it beats the re-run baseline."
)


def planned(
    flags: str, name: str, *, show_default: bool = True, now: str = "", **attributes: Any
) -> Decorator:
    """Make an option of the plan: not given, it stays as planned; a new study has the default.

    Help and default are those of the plan's field; `now` says what it is otherwise where there is a
    plan.
    """
    own = options_of(Plan)[name]
    default = f"  [default: {now or _shown(own.default)}]" if show_default else ""
    return click.option(flags, name, default=None, help=f"{own.help}{default}", **attributes)


def asked(flags: str, owner: type, name: str, text: str = "", **attributes: Any) -> Decorator:
    """Make an option with the default and the help (or another `text`) of a dataclass's field."""
    own = options_of(owner)[name]
    default = own.default if isinstance(own.default, bool) else _shown(own.default)
    shown = not isinstance(own.default, bool)
    about = text or own.help
    return click.option(flags, default=default, show_default=shown, help=about, **attributes)


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    return f"{default:g}" if isinstance(default, float) else str(default)


first_seed = asked("--seed", Plan, "seed", "First seed.", type=SEED)

# Both for a study's plan and for the forecast of one.
folds = planned("--folds", "folds", now=RULE, type=click.IntRange(1, MOST_FOLDS))

log_to = click.option(
    "--log-to",
    multiple=True,
    callback=lambda _context, _option, texts: tuple(map(parse_live, texts)),
    metavar="TRACKER[=PLACE]",
    help=f"Write trials to {', '.join(LIVE_TARGETS)} as they come; may be repeated.",
)


def exit_code(confirmation: Confirmation, fail_unless_beats: bool) -> int:
    """Return 4 where a gate was asked for and the re-run baseline is not beaten, else 0.

    Nothing is beaten where the ledger of openings is broken.
    """
    beats = any(
        one.against == "baseline" and one.answer == "BEATS" for one in confirmation.comparisons
    )
    return NOT_BEATEN if fail_unless_beats and not (beats and confirmation.ledger_intact) else 0
