"""What a shell completes where a data set is named: apart, because data is read with numpy."""

import click
from click.shell_completion import CompletionItem

from study.commands.completion import beginning, file_of
from study.data.known import KNOWN


def data_names(
    _context: click.Context, _parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Return the data sets known by name, or files."""
    return beginning(KNOWN, begun) or file_of(begun)
