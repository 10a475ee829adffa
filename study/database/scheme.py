"""Which URLs are PostgreSQL's; free of all that a database needs."""

import re

_SCHEME = re.compile(r"(?:postgres|postgresql)(?:\+\w+)?://")


def is_postgres(url: str) -> bool:
    """Tell whether a URL names a PostgreSQL database, with whatever driver."""
    return _SCHEME.match(url) is not None
