"""The option that prints for programs, and a whole record as it prints it."""

import json
from collections.abc import Callable
from typing import Any

import click

from reports.json_record import record_to_json
from reports.record import StudyRecord


def as_json(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make the option --json; `text` says in the help what is printed."""
    return click.option("--json", "as_json", is_flag=True, help=text)


def record_text(record: StudyRecord) -> str:
    """Return a whole record as JSON, line end included.

    It is plain ASCII: a pipe may have any encoding.
    """
    return json.dumps(record_to_json(record), indent=2, allow_nan=False) + "\n"
