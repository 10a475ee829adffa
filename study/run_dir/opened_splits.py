"""Every opening that the ledgers of a folder hold, by the test split that was opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reports.opening import Opening
from search_spaces.faults import Fault, FaultError
from study.run_dir.folder import ledgers_in
from study.run_dir.ledger import ledger_at
from study.run_dir.opening_count import running_counts


@dataclass(frozen=True)
class StudyOpening:
    """An opening by one study; `number` counts those of the test split up to this one."""

    number: int
    study: str
    opening: Opening


@dataclass(frozen=True)
class OpenedSplit:
    """A test split with its openings, oldest first.

    `fingerprint` is that of the split, or of the whole data where no line names the split's own.
    """

    fingerprint: str
    openings: tuple[StudyOpening, ...]

    @property
    def count(self) -> int:
        """Return how many of the openings count."""
        return self.openings[-1].number


def opened_splits(runs_dir: Path) -> tuple[tuple[OpenedSplit, ...], tuple[Fault, ...]]:
    """Return the test splits by their first opening, and what is wrong with ledgers.

    Of a ledger with a fault the lines before it are there. Raises FaultError where the folder
    cannot be read.
    """
    found: list[tuple[str, Opening]] = []
    faults: list[Fault] = []
    for name, path in ledgers_in(runs_dir):
        try:
            state = ledger_at(path).state()
        except FaultError as error:
            faults += error.faults
            continue
        found += [(name, line) for line in state.lines]
        faults += state.faults
    found.sort(key=lambda one: one[1].when)
    known = {line.fingerprint: line.test_fingerprint for _, line in found if line.test_fingerprint}
    groups: dict[str, list[tuple[str, Opening]]] = {}
    for study, line in found:
        split = line.test_fingerprint or known.get(line.fingerprint) or line.fingerprint
        groups.setdefault(split, []).append((study, line))
    splits = tuple(OpenedSplit(split, _numbered(lines)) for split, lines in groups.items())
    return splits, tuple(faults)


def _numbered(lines: Sequence[tuple[str, Opening]]) -> tuple[StudyOpening, ...]:
    numbers = running_counts(lines)
    return tuple(
        StudyOpening(number, study, line)
        for number, (study, line) in zip(numbers, lines, strict=True)
    )
