"""The time, in UTC."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the time, with its zone."""
    return datetime.now(UTC)


def utc_text() -> str:
    """Return the time in ISO 8601, to the second."""
    return utc_now().isoformat(timespec="seconds")
