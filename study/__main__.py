"""Run the command line: `python -m study` is the same as `dense-study`."""

from study.coordinator.interrupts import end_quietly

# First of all, since every import takes a while: until the command line can end in good order,
# there is nothing to lose.
end_quietly()

import importlib  # noqa: E402 must come after the line above


def main() -> None:
    """Run one command and exit with its code."""
    importlib.import_module("study.cli").main()


if __name__ == "__main__":
    main()
