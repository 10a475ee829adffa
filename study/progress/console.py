"""The console of a program that is no command: its own output stays its own."""

import sys

from rich.console import Console


def console_of_program() -> Console:
    """Return a console for progress: standard error, or the cell's output in a notebook.

    A notebook gets plain lines, which it also keeps.
    """
    is_notebook = "ipykernel" in sys.modules
    return Console(stderr=not is_notebook, force_jupyter=False)
