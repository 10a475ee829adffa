"""Known faults: what a user can correct, written as where, what, got and allowed."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

_SHOWN = 60


@dataclass(frozen=True)
class Fault:
    """Name one thing that is wrong and what would be right."""

    where: str
    what: str
    got: str = ""
    allowed: str = ""

    def __str__(self) -> str:
        got = f"; got {self.got}" if self.got else ""
        allowed = f"; allowed: {self.allowed}" if self.allowed else ""
        return f"{self.where}: {self.what}{got}{allowed}"


class FaultError(Exception):
    """Carry every known fault found at once; the command line prints them and exits with 1."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def shown(value: object) -> str:
    """Show a value as its author wrote it, cut to one short line."""
    match value:
        case bool():
            return str(value).lower()
        case list():
            text = f"[{', '.join(shown(item) for item in value[:_SHOWN])}]"
        case dict():
            text = f"{{{', '.join(f'{k} = {shown(v)}' for k, v in [*value.items()][:_SHOWN])}}}"
        case int() if abs(value) >= 10**_SHOWN:
            text = "a very long number"  # Python refuses to write more than 4300 digits
        case int() | float() | str():
            text = repr(value)
        case _:
            text = str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Say what is unknown, with the known name that was perhaps meant."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.75)
    return f"unknown {what}{f' (did you mean {near[0]}?)' if near else ''}"


def fault(where: str, what: str, got: object = "", allowed: str = "") -> FaultError:
    """Make the error for a single fault."""
    return FaultError(Fault(where, what, str(got), allowed))
