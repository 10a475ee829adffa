"""The console of a program that is no command: its own output stays its own."""

import sys

from rich.console import Console


def console_of_program() -> Console:
    """Return a console for progress: standard error, or the cell's output in a notebook.

    A notebook gets plain lines, which it also keeps, although its output calls itself a terminal.
    """
    is_notebook = "ipykernel" in sys.modules
    is_terminal = False if is_notebook else None  # None: as the stream says
    return Console(stderr=not is_notebook, force_jupyter=False, force_terminal=is_terminal)
