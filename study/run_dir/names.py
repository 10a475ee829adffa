"""Names of studies: which are allowed, and a legal one for any text."""

import hashlib
import re
import unicodedata

from search_spaces.faults import fault

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_LONGEST = 80


def check_study_name(name: str) -> str:
    """Return a name that is safe as a folder's; raises FaultError for any other."""
    if not _NAME.fullmatch(name):
        allowed = "1-80 letters, digits, '.', '_' and '-', a letter or digit first"
        raise fault("--name", "not a study name", repr(name), allowed)
    return name


def legal_name(text: str) -> str:
    """Return a study name that is as like a text as it can be; a legal one stays as it is.

    Letters lose their accents, other signs become dashes. What is left of a text that is too long,
    or has no letters that can stay, differs from others by a part of the text's hash.
    """
    if _NAME.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9._]+", "-", plain).strip("-._")
    mark = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    if not name:
        return f"study-{mark}"
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 9]}-{mark}"
