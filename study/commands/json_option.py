"""The option that prints for programs: apart, because it needs nothing else."""

from collections.abc import Callable
from typing import Any

import click


def as_json(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make the option --json; `text` says in the help what is printed."""
    return click.option("--json", "as_json", is_flag=True, help=text)
