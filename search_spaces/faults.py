"""Known faults: what a user can correct, written as where, what, got and allowed."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

_SHOWN = 60
# How deep nested lists and tables are shown.
_DEEPEST = 4
# A message is for a person: no part of it, and not the whole, may grow with the input. Characters.
_LONGEST = {"where": 300, "what": 500, "got": 300, "allowed": 700}
_MOST_FAULTS = 20
_LONGEST_MESSAGE = 2000
# What "... and 1,234,567 more faults" may need beside the faults shown.
_REST = 40


@dataclass(frozen=True)
class Fault:
    """Name one thing that is wrong and what would be right."""

    where: str
    what: str
    got: str = ""
    allowed: str = ""

    def __str__(self) -> str:
        """Return the fault as one printable line of at most 2,000 characters."""
        where, what = self._part("where"), self._part("what")
        got = f"; got {self._part('got')}" if self.got else ""
        allowed = f"; allowed: {self._part('allowed')}" if self.allowed else ""
        return f"{where}: {what}{got}{allowed}"

    def _part(self, name: str) -> str:
        return cut(getattr(self, name), _LONGEST[name])


class FaultError(Exception):
    """Carry every known fault found at once; the command line prints them and exits with 1."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults

    def __str__(self) -> str:
        """Return a line for each fault, at most 2,000 characters; further faults are counted."""
        lines: list[str] = []
        room = _LONGEST_MESSAGE - _REST
        for line in map(str, self.faults[:_MOST_FAULTS]):
            if lines and len(line) + 1 > room:
                break
            lines.append(line)
            room -= len(line) + 1
        left = len(self.faults) - len(lines)
        if left:
            lines.append(f"... and {left:,} more fault{'s' * (left > 1)}")
        return "\n".join(lines)


def cut(text: str, longest: int) -> str:
    """Return a text printable and short: what is unprintable escaped, a long middle left out."""
    # Escapes are longer than what they stand for, so that the ends are enough to work on.
    half = longest // 2
    if len(text) > longest:
        head, tail = printable(text[:longest]), printable(text[-longest:])
    else:
        head = tail = printable(text)
        if len(head) <= longest:
            return head
    return f"{head[: longest - half - 3]}...{tail[-half:]}"


def printable(text: str) -> str:
    """Return a text with control characters, lone surrogates and their kind as escapes."""
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape", "surrogatepass").decode()
        for one in text
    )


def shown(value: object) -> str:
    """Show a value as its author wrote it, cut to one short line."""
    text = _shown(value, _DEEPEST)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _shown(value: object, deep: int) -> str:
    match value:
        case bool():
            return str(value).lower()
        case list() | dict() if deep == 0:
            return "..."
        case list():
            return f"[{', '.join(_shown(item, deep - 1) for item in value[:_SHOWN])}]"
        case dict():
            items = [*value.items()][:_SHOWN]
            return f"{{{', '.join(f'{k!s:.{_SHOWN}} = {_shown(v, deep - 1)}' for k, v in items)}}}"
        case int() if abs(value) >= 10**_SHOWN:
            return "a very long number"  # Python refuses to write more than 4300 digits
        case str():
            return repr(value[: _SHOWN + 1])
        case int() | float():
            return repr(value)
        case _:
            return str(value)


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Say what is unknown, with the known name that was perhaps meant."""
    return f"unknown {what}{perhaps_meant(name, known)}"


def perhaps_meant(name: str, known: Iterable[str]) -> str:
    """Return the known name that was perhaps meant, as words to put behind; empty without one."""
    # Comparing costs time that grows with the name, and nobody mistypes so long a one.
    candidates = list(known) if len(name) <= _SHOWN else []
    near = difflib.get_close_matches(name, candidates, n=1, cutoff=0.75)
    return f" (did you mean {near[0]}?)" if near else ""


def fault(where: str, what: str, got: object = "", allowed: str = "") -> FaultError:
    """Make the error for a single fault."""
    return FaultError(Fault(where, what, str(got), allowed))
