"""TOML text as tables that know where they stand and gather what is wrong with them."""

import json
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from search_spaces.faults import Fault, fault, shown, unknown

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_TEXT = 500
_MOST_COMPARED = 50


@dataclass(frozen=True)
class Table:
    """One table: its content, its place as `file: [path]`, and the list all faults go to."""

    file: str
    path: str
    content: Mapping[str, Any]
    faults: list[Fault] = field(default_factory=list)

    def where(self, key: str = "") -> str:
        """Return the place of a key, or of the table itself."""
        place = f"[{self.path}]" if self.path else ""
        key = key_text(key) if key else ""
        return f"{self.file}: {' '.join(part for part in (place, key) if part)}".removesuffix(": ")

    def add(self, key: str, what: str, got: str = "", allowed: str = "") -> None:
        """Note one fault of a key."""
        self.faults.append(Fault(self.where(key), what, got, allowed))

    def refuse_unknown(self, keys: Iterable[str], what: str = "key") -> None:
        """Note every key that is not among these."""
        keys = list(keys)
        for key in self.content:
            if key not in keys:
                self.add_unknown(key, what, keys)

    def add_unknown(self, key: str, what: str, known: Collection[str], before: str = "") -> None:
        """Note a key that is not among the known ones; `before` begins what is said of it."""
        # Looking for what was meant takes time, and of so many faults the rest is only counted.
        candidates = known if len(self.faults) < _MOST_COMPARED else ()
        self.add(key, f"{before}{unknown(what, key, candidates)}", allowed=", ".join(known))

    def table(self, key: str) -> "Table":
        """Return a table inside this one; empty where it is missing or, with a fault, no table."""
        content = self.content.get(key, {})
        if not isinstance(content, dict):
            self.add(key, "not a table", shown(content))
            content = {}
        inner = f"{self.path}.{key_text(key)}" if self.path else key_text(key)
        return Table(self.file, inner, content, self.faults)

    def has(self, key: str) -> bool:
        """Say whether a key is there, and note the fault where it is missing."""
        if key in self.content:
            return True
        self.add(key, "missing")
        return False

    def text(self, key: str) -> str:
        """Return a required line of text, or "" with a fault."""
        if not self.has(key):
            return ""
        value = self.content[key]
        if isinstance(value, str) and value.isprintable() and 0 < len(value) <= _LONGEST_TEXT:
            return value
        allowed = f"one line of 1 to {_LONGEST_TEXT} printable characters"
        self.add(key, "not a line of text", shown(value), allowed)
        return ""


def parse_table(text: str, file: str) -> Table:
    """Parse TOML text.

    Raises FaultError with the line and column of a syntax error.
    """
    try:
        content = tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError is one; so is Python's limit on digits
        raise fault(file, f"not TOML: {str(error)[:200]}") from error
    except RecursionError as error:
        raise fault(file, "not TOML: nested too deeply") from error
    return Table(file, "", content)


def key_text(key: str) -> str:
    """Write a key as TOML does: bare where it can be, else quoted and escaped."""
    return key if _BARE.fullmatch(key) else json.dumps(key[:_LONGEST_TEXT])
