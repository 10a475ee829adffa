"""What is found of a data set, as lines for people."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One line about a data set; `warns` where a user should know before trusting a study.

    One that is `on_claim` matters for every accuracy measured with this data. `rows` are the test
    inputs that it is about, where they can be counted.
    """

    topic: str
    text: str
    warns: bool = False
    on_claim: bool = False
    rows: int = 0


def listed(entries: Sequence[str], most: int = 20) -> str:
    """Return entries as one text, the rest of many as a number."""
    rest = f"; and {len(entries) - most:,} more" if len(entries) > most else ""
    return "; ".join(entries[:most]) + rest
