"""What a shell completes: names of studies, of shipped search spaces and of known data sets."""

from collections.abc import Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from search_spaces.faults import FaultError
from search_spaces.shipped import shipped_names
from study.data.known import KNOWN
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
    return _beginning((run.name for run in found), begun)


def space_names(
    _context: click.Context, _parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Return the shipped search spaces, or files."""
    return _beginning(shipped_names(), begun) or _file(begun)


def data_names(
    _context: click.Context, _parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Return the data sets known by name, or files."""
    return _beginning(KNOWN, begun) or _file(begun)


def _beginning(names: Iterable[str], begun: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(begun)]


def _file(begun: str) -> list[CompletionItem]:
    return [CompletionItem(begun, type="file")]
