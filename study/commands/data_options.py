"""Options that name a data set: apart, because what is known of data needs numpy."""

import click
from click.shell_completion import CompletionItem

from study.commands.completion import beginning, file_of
from study.commands.shared_options import DATA, Decorator, asked
from study.data.known import KNOWN
from study.run_dir.plan import Plan


def data_names(
    _context: click.Context, _parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Return the data sets known by name, or files."""
    return beginning(KNOWN, begun) or file_of(begun)


data = asked("--data", Plan, "data", metavar=DATA, shell_complete=data_names)


def data_now(text: str = "Where the study's data is now.") -> Decorator:
    """Make the option of the data that a study or a bundle already has."""
    return click.option("--data", metavar=DATA, help=text, shell_complete=data_names)
