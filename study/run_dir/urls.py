"""Storage URLs: which are PostgreSQL's, and how they are shown and stored without their secrets."""

import re
from pathlib import Path
from urllib.parse import quote, unquote

_POSTGRES = re.compile(r"(?:postgres|postgresql)(?:\+\w+)?://")

# user:password@, where a password may hold anything, an @ that should be %40 too (but a port with
# white space after it begins none); every query value whose name smells of a secret; and the same
# as a driver spells it, password=... or password='...'.
_USER = re.compile(r"(?<=://)([^/@:\s]*):(?!\d{1,5}(?:\s|$))(?:(?!\s\S*://)[^@])*@(?:[^\s@]*@)*")
_QUERY = re.compile(r"(?i)([?&][^=&\s]*(?:pass|pw|secret|token|key|auth)[^=&\s]*)=[^&\s]*")
_KEYWORD = re.compile(
    r"(?i)(?<![?&\w])(\w*(?:pass|pw|secret|token)\w*)(\s*=\s*)('(?:[^'\\]|\\.)*'?|[^\s'][^\s]*)"
)

# What means something in a URL, or in the template that Optuna takes a URL for.
_SPECIAL = re.compile(r"[%?#{}]")
_SQLITE = re.compile(r"sqlite(?:\+\w+)?:///([^?]*)")


def sqlite_url(path: Path) -> str:
    """Return the URL of an SQLite file, wherever it lies."""
    text = _SPECIAL.sub(lambda found: quote(found.group()), str(path))
    # SQLite takes what begins so for a URL of its own.
    return f"sqlite:///{'./' if text.startswith('file:') else ''}{text}"


def sqlite_path(url: str) -> Path | None:
    """Return the file that an SQLite URL names, None for any other URL."""
    found = _SQLITE.match(url)
    return Path(unquote(found.group(1))) if found else None


def lasting_url(url: str) -> str:
    """Return a URL that means the same from any folder: an SQLite file by its absolute path."""
    path = sqlite_path(url)
    is_file = path is not None and path.name not in {"", ":memory:"}
    if path is None or not is_file or path.is_absolute() or str(path).startswith("file:"):
        return url
    _, mark, query = url.partition("?")
    return f"{sqlite_url(path.absolute())}{mark}{query}"


def redact_url(text: str) -> str:
    """Return the text with the passwords of URLs and of a driver's settings replaced by ***."""
    text = _QUERY.sub(r"\1=***", _USER.sub(r"\1:***@", text))
    return _KEYWORD.sub(r"\1\2***", text)


def is_postgres(url: str) -> bool:
    """Tell whether a URL names a PostgreSQL database, with whatever driver."""
    return _POSTGRES.match(url) is not None
