"""Options that name a data set: apart, because what is known of data needs numpy."""

from collections.abc import Callable
from dataclasses import fields
from functools import reduce, wraps
from typing import Any

import click
from click.shell_completion import CompletionItem

from search_spaces.data_source import DataOptions
from study.commands.completion import beginning, file_of
from study.commands.number_types import FiniteRange
from study.commands.option_values import some
from study.commands.shared_options import DATA, Decorator, asked, planned
from study.data.known import KNOWN
from study.run_dir.plan import Plan


def data_names(
    _context: click.Context, _parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Return the data sets known by name, or files."""
    return beginning(KNOWN, begun) or file_of(begun)


data = asked("--data", Plan, "data", metavar=DATA, shell_complete=data_names)
# The same of a command about a space, whose [data] comes before the default.
data_of_space = planned("--data", "data", metavar=DATA, shell_complete=data_names)


_SHARE = FiniteRange(0.0, 1.0, min_open=True, max_open=True)
_READING = (
    planned("--target", "target", metavar="COLUMN", show_default=False),
    planned("--drop", "drop", multiple=True, callback=some, metavar="COLUMN", show_default=False),
    planned("--test-data", "test_data", metavar="FILE", show_default=False),
    planned("--test-share", "test_share", type=_SHARE, metavar="SHARE", show_default=False),
    planned("--group", "group", metavar="COLUMN", show_default=False),
    planned("--time", "time", metavar="COLUMN", show_default=False),
    planned("--weight", "weight", metavar="COLUMN", show_default=False),
)


def planned_reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of how a user's own data is read, each as an option of the plan."""
    return reduce(lambda inner, decorate: decorate(inner), reversed(_READING), command)


def how_it_is_read(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the same options and give the command their values as the argument `read_as`."""

    @wraps(command)
    def reading(**others: Any) -> Any:
        asked_for = {one.name: others.pop(one.name) for one in fields(DataOptions)}
        given = {name: value for name, value in asked_for.items() if value is not None}
        return command(read_as=DataOptions(**given), **others)

    return planned_reading(reading)


def data_now(text: str = "Where the study's data is now.") -> Decorator:
    """Make the option of the data that a study or a bundle already has."""
    return click.option("--data", metavar=DATA, help=text, shell_complete=data_names)
