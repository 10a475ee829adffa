"""An opening together with who made it, as it is noted outside its study."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.opening import Opening


@dataclass(frozen=True)
class NotedOpening:
    """An opening, the study that made it, and the folder or database that the study lay in.

    The opening's `chain` is that of the study's own ledger.
    """

    study: str
    folder: str
    opening: Opening


def by_study(noted: Sequence[NotedOpening]) -> tuple[tuple[Opening, ...], ...]:
    """Return the openings of each study."""
    found: dict[tuple[str, str], list[Opening]] = {}
    for one in noted:
        found.setdefault((one.folder, one.study), []).append(one.opening)
    return tuple(tuple(openings) for openings in found.values())
