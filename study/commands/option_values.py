"""What an option's text means inside, as click's callbacks: seconds, a fraction, seeds, a rule."""

from collections.abc import Mapping
from typing import Any

import click

from reports.numbers import parse_duration
from search_spaces.faults import fault
from search_spaces.measures import MEASURES
from study.run_dir.confirm_options import MOST_SEEDS
from study.run_dir.plan import Plan
from study.run_dir.stop_when import check_stop_when


def seconds(_context: click.Context, option: click.Parameter, text: str | None) -> float | None:
    """Return the seconds of a time such as 90s or 1.5h; raises FaultError."""
    return None if text is None else parse_duration(text, option.opts[0])


def fraction(_context: click.Context, _option: click.Parameter, points: float) -> float | None:
    """Return the fraction that percentage points are."""
    return None if points is None else points / 100


def with_margin(given: Mapping[str, Any], known: Plan | None) -> dict[str, Any]:
    """Return options with their margin in the unit of the study's measure.

    `fraction` has taken it for points; `known` is the plan of a study that is there already.
    """
    measure = given.get("measure") or (known.measure if known else "accuracy")
    if "margin" not in given or MEASURES[measure].unit == "fraction":
        return dict(given)
    return {**given, "margin": 100 * given["margin"]}


def stop_rule(_context: click.Context, option: click.Parameter, text: str | None) -> str | None:
    """Return the rule that ends a search early; raises FaultError."""
    return None if text is None else check_stop_when(text, option.opts[0])


def some(
    _context: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> tuple[str, ...] | None:
    """Return what was given of an option that may be repeated, None where it was not given."""
    return given or None


def seed_count(_context: click.Context, _option: click.Parameter, text: str | None) -> int | None:
    """Return the number of seeds of each config, 0 for auto; raises FaultError."""
    return None if text is None else parse_seeds(text) or 0


def parse_seeds(text: str) -> int | None:
    """Return the number of seeds of each config, None for auto; raises FaultError."""
    if text == "auto":
        return None
    if text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MOST_SEEDS:
        return int(text)
    raise fault(
        "--confirm-seeds", "not a number of seeds", repr(text), f"auto, or 1 to {MOST_SEEDS}"
    )
