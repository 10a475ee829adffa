"""Every opening that is known of, by the test split that was opened."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from search_spaces.faults import Fault, FaultError
from study.run_dir.folder import ledgers_in
from study.run_dir.ledger import ledger_at
from study.run_dir.noted_opening import NotedOpening
from study.run_dir.opening_count import running_counts


@dataclass(frozen=True)
class CountedOpening:
    """An opening with its study; `number` counts those of the test split up to this one."""

    number: int
    noted: NotedOpening


@dataclass(frozen=True)
class OpenedSplit:
    """A test split with its openings, oldest first.

    `fingerprint` is that of the split, or of the whole data where no line names the split's own.
    """

    fingerprint: str
    openings: tuple[CountedOpening, ...]

    @property
    def count(self) -> int:
        """Return how many of the openings count."""
        return self.openings[-1].number


def opened_splits(
    runs_dir: Path, elsewhere: Sequence[NotedOpening] = ()
) -> tuple[tuple[OpenedSplit, ...], tuple[Fault, ...]]:
    """Return the test splits by their first opening, and what is wrong with ledgers.

    They are those of the folder's ledgers and those noted elsewhere, each opening once. Of a ledger
    with a fault the lines before it are there. Raises FaultError where the folder cannot be read.
    """
    found, faults = _in_folder(runs_dir)
    here = {one.opening.chain for one in found}
    # What is noted in several places elsewhere is one opening too.
    found += {one.opening.chain: one for one in elsewhere if one.opening.chain not in here}.values()
    found.sort(key=lambda one: one.opening.when)
    lines = [one.opening for one in found]
    known = {line.fingerprint: line.test_fingerprint for line in lines if line.test_fingerprint}
    groups: dict[str, list[NotedOpening]] = {}
    for one in found:
        whole = one.opening.fingerprint
        split = one.opening.test_fingerprint or known.get(whole) or whole
        groups.setdefault(split, []).append(one)
    splits = tuple(OpenedSplit(split, _numbered(noted)) for split, noted in groups.items())
    return splits, tuple(faults)


def _in_folder(runs_dir: Path) -> tuple[list[NotedOpening], list[Fault]]:
    folder = os.path.realpath(runs_dir)
    found: list[NotedOpening] = []
    faults: list[Fault] = []
    for study, path in ledgers_in(runs_dir):
        try:
            state = ledger_at(path).state()
        except FaultError as error:
            faults += error.faults
            continue
        found += [NotedOpening(study, folder, line) for line in state.lines]
        faults += state.faults
    return found, faults


def _numbered(noted: Sequence[NotedOpening]) -> tuple[CountedOpening, ...]:
    numbers = running_counts([((one.folder, one.study), one.opening) for one in noted])
    return tuple(CountedOpening(number, one) for number, one in zip(numbers, noted, strict=True))
