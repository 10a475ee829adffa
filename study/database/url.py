"""How SQLAlchemy wants to have PostgreSQL's URLs."""

import importlib.util
import re

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from search_spaces.faults import fault
from study.run_dir.urls import is_postgres, redact_url, sqlite_path

_PLAIN = re.compile(r"(?:postgres|postgresql)://")
_FORM = "postgresql://USER@HOST:5432/DATABASE, with odd characters as %XX"


def driver_url(url: str) -> str:
    """Return a URL with which driver it needs: a plain PostgreSQL one has psycopg, others stay."""
    return _PLAIN.sub("postgresql+psycopg://", url, count=1) if _PLAIN.match(url) else url


def checked_url(url: str) -> str:
    """Return the URL to open; raises FaultError where it is none, or its driver is missing."""
    where = redact_url(url)
    if not is_postgres(url):
        _check_other(url, where)
        return _braced(url)
    parsed = _parsed(driver_url(url), where)
    if parsed.drivername == "postgresql+psycopg" and importlib.util.find_spec("psycopg") is None:
        what = "needs the package psycopg, which is not installed"
        raise fault(where, what, allowed="pip install 'dense-study[postgres]'")
    return _braced(driver_url(url))


def _braced(url: str) -> str:
    # Optuna fills a template in its URLs, so that a brace must not stand there as it is.
    return url.replace("{", "%7B").replace("}", "%7D")


def _check_other(url: str, where: str) -> None:
    """Raise FaultError for what Optuna once had, would keep nothing, or would call another file."""
    if url.startswith("redis"):
        raise fault(where, "Optuna has no Redis storage any more", allowed=_FORM)
    if not url.startswith("sqlite"):
        return
    path, query = sqlite_path(url), url.partition("?")[2]
    if path is None or path.name in {"", ":memory:"} or "mode=memory" in query:
        raise fault(where, "an SQLite in memory keeps nothing", allowed="sqlite:///FILE")
    if query and not all("=" in one for one in query.split("&")):
        raise fault(where, "not a storage URL", allowed="an odd character of a path as %XX")


def _parsed(url: str, where: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # the latter for a port that is no number
        raise fault(where, "not a storage URL", allowed=_FORM) from error
    if "@" in (parsed.host or ""):
        raise fault(where, "its password has an @ in it", allowed=_FORM)
    return parsed
