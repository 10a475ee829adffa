"""Storage URLs: which are PostgreSQL's, and how they are shown and stored without their secrets."""

import re

_POSTGRES = re.compile(r"(?:postgres|postgresql)(?:\+\w+)?://")

# user:password@, where a password may hold anything, an @ that should be %40 too (but a port with
# white space after it begins none); every query value whose name smells of a secret; and the same
# as a driver spells it, password=... or password='...'.
_USER = re.compile(r"(?<=://)([^/@:\s]*):(?!\d{1,5}(?:\s|$))(?:(?!\s\S*://)[^@])*@(?:[^\s@]*@)*")
_QUERY = re.compile(r"(?i)([?&][^=&\s]*(?:pass|pw|secret|token|key|auth)[^=&\s]*)=[^&\s]*")
_KEYWORD = re.compile(
    r"(?i)(?<![?&\w])(\w*(?:pass|pw|secret|token)\w*)(\s*=\s*)('(?:[^'\\]|\\.)*'?|[^\s'][^\s]*)"
)


def redact_url(text: str) -> str:
    """Return the text with the passwords of URLs and of a driver's settings replaced by ***."""
    text = _QUERY.sub(r"\1=***", _USER.sub(r"\1:***@", text))
    return _KEYWORD.sub(r"\1\2***", text)


def is_postgres(url: str) -> bool:
    """Tell whether a URL names a PostgreSQL database, with whatever driver."""
    return _POSTGRES.match(url) is not None
