"""Run the command line: `python -m study` is the same as `dense-study`."""

import importlib
import os
import signal
import sys
from types import FrameType

_STOPPED = 130


def main() -> None:
    """Run one command and exit with its code."""
    # Until the command line can end in good order there is nothing to lose: end at once, quietly.
    before = {kind: signal.signal(kind, _end) for kind in (signal.SIGINT, signal.SIGTERM)}
    cli = importlib.import_module("study.cli")
    for kind, handler in before.items():
        signal.signal(kind, handler)
    cli.main()


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.stderr.write("Stopped.\n")
    sys.stderr.flush()
    os._exit(_STOPPED)


if __name__ == "__main__":
    main()
