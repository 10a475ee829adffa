"""The ledger: every opening of the test split, append-only, chained by hash."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from reports.json_record import opening_from_json
from reports.opening import Opening, Purpose, in_words
from search_spaces.faults import Fault
from study.run_dir.chained_lines import GENESIS, Followed, follow, next_lines
from study.run_dir.json_lines import JsonLines
from study.run_dir.paths import RunDirectory

# What a message says when no line can be added.
UNWRITABLE = "the ledger cannot be written, so the test split stays shut"


@dataclass(frozen=True)
class LedgerState:
    """What a ledger holds: its openings up to the first fault, and every fault that shows."""

    lines: tuple[Opening, ...]
    faults: tuple[Fault, ...]


class Ledger:
    """A file of openings, one JSON object a line, each naming the hash of all before it.

    An edited, removed, repeated or moved line breaks the chain and shows. Cutting off the last
    lines leaves a chain that is whole: that shows only against a chain hash kept elsewhere, as in
    a report or a bundle (`continues`).
    """

    def __init__(self, file: JsonLines) -> None:
        self._file = file
        self.path = file.path

    def lines(self) -> tuple[Opening, ...]:
        """Return the openings up to the first fault; none where there is no file."""
        return self.state().lines

    def intact(self) -> bool:
        """Return whether every line is whole and follows from the one before."""
        return not self.state().faults

    def continues(self, chain: str) -> bool:
        """Return whether a chain hash noted earlier is still part of this ledger."""
        return chain == GENESIS or any(line.chain == chain for line in self.lines())

    def has(self, weights: Sequence[str], fingerprint: str) -> bool:
        """Return whether an opening of these weights on this data is on record, in a whole chain.

        Raises FaultError where the file cannot be read.
        """
        state = self.whole()
        openings = [(set(one.weights), one.fingerprint) for one in state.lines]
        return not state.faults and (set(weights), fingerprint) in openings

    def whole(self) -> LedgerState:
        """Follow the chain of whole lines alone: nothing was opened with a torn one."""
        return _state(self._follow(self._file.read()[0]))

    def state(self) -> LedgerState:
        """Read the file and follow the chain; raises FaultError where it cannot be read."""
        whole, torn = self._file.read()
        return _state(self._follow(whole + torn))

    def append(
        self,
        when: str,
        purpose: Purpose,
        weights: tuple[str, ...],
        fingerprint: str,
        test_fingerprint: str | None = None,
        user_ledger: Literal["off"] | None = None,
    ) -> Opening:
        """Add one opening and return it once it is on disk.

        Raises FaultError where the ledger cannot be written, or is not intact: what follows a
        broken chain would hide the break.
        """
        why = in_words(purpose)
        fields: dict[str, object] = {"when": when, "why": why, "purpose": asdict(purpose)}
        fields |= {"weights": list(weights), "fingerprint": fingerprint}
        if test_fingerprint is not None:
            fields["test_fingerprint"] = test_fingerprint
        if user_ledger is not None:
            fields["user_ledger"] = user_ledger
        line = self._file.append_after(
            lambda whole, torn: next_lines([fields], self._follow(whole), torn)
        )
        chain = json.loads(line)["chain"]
        return Opening(
            when, why, purpose, weights, fingerprint, chain, test_fingerprint, user_ledger
        )

    def _follow(self, content: bytes) -> Followed[Opening]:
        return follow(content, str(self.path), opening_from_json)


def known_openings(ledger: Ledger, noted: Sequence[Opening]) -> tuple[tuple[Opening, ...], bool]:
    """Return every opening that is known of, and whether the ledger still has all that was noted.

    `noted` are those that a confirmation has written down. Where the ledger was lost, edited or cut
    since, they stay known: to forget them would be another opening for free.
    """
    state = ledger.whole()
    there, before = ({one.chain for one in lines} for lines in (state.lines, noted))
    if not state.faults and before <= there:
        return state.lines, True
    return (*noted, *(one for one in state.lines if one.chain not in before)), False


def open_ledger(run: RunDirectory) -> Ledger:
    """Return a study's ledger."""
    return Ledger(run.open_lines(run.ledger, UNWRITABLE))


def ledger_at(path: Path) -> Ledger:
    """Return a ledger that belongs to no study."""
    return Ledger(JsonLines(path, unwritable=UNWRITABLE))


def _state(found: Followed[Opening]) -> LedgerState:
    return LedgerState(found.values, found.faults)
