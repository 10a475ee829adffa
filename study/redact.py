"""Keep secrets out of what is shown and stored."""

import re

# user:password@ and every query value whose name smells of a secret.
_USER = re.compile(r"(?<=://)([^/@:\s]*):[^/\s]*@")
_QUERY = re.compile(r"(?i)([?&][^=&\s]*(?:pass|pw|secret|token|key|auth)[^=&\s]*)=[^&\s]*")


def redact_url(text: str) -> str:
    """Return the text with the passwords of all URLs in it replaced by ***."""
    return _QUERY.sub(r"\1=***", _USER.sub(r"\1:***@", text))
