"""What a shell completes: names of studies and of shipped search spaces."""

from collections.abc import Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from search_spaces.faults import FaultError
from search_spaces.shipped import shipped_names
from study.run_dir.folder import find_runs


def study_names(
    context: click.Context,
    _parameter: click.Parameter,
    begun: str,
) -> list[CompletionItem]:
    """Return the studies of the folder of run directories whose names begin so."""
    runs_dir = context.params.get("runs_dir") or Path("runs")
    try:
        found = find_runs(runs_dir)
    except FaultError:
        return []
    return beginning((run.name for run in found), begun)


def space_names(
    _context: click.Context, _parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Return the shipped search spaces, or files."""
    return beginning(shipped_names(), begun) or file_of(begun)


def beginning(names: Iterable[str], begun: str) -> list[CompletionItem]:
    """Return the names that begin so."""
    return [CompletionItem(name) for name in names if name.startswith(begun)]


def file_of(begun: str) -> list[CompletionItem]:
    """Let the shell complete the path of a file."""
    return [CompletionItem(begun, type="file")]
