"""The ledger: every opening of the test split, append-only, chained by hash."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reports.json_record import opening_from_json
from reports.opening import Opening, Purpose, in_words
from search_spaces.faults import Fault, FaultError
from search_spaces.json_text import read_json
from study.run_dir.json_lines import JsonLines
from study.run_dir.paths import RunDirectory

# What a message says when no line can be added.
UNWRITABLE = "the ledger cannot be written, so the test split stays shut"
# The line before the first.
_GENESIS = hashlib.sha256(b"dense-study ledger 1").hexdigest()


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
        return chain == _GENESIS or any(line.chain == chain for line in self.lines())

    def has(self, weights: Sequence[str], fingerprint: str) -> bool:
        """Return whether an opening of these weights on this data is on record, in a whole chain.

        Raises FaultError where the file cannot be read.
        """
        state = self.whole()
        openings = [(set(one.weights), one.fingerprint) for one in state.lines]
        return not state.faults and (set(weights), fingerprint) in openings

    def whole(self) -> LedgerState:
        """Follow the chain of whole lines alone: nothing was opened with a torn one."""
        return _follow(self._file.read()[0], str(self.path))

    def state(self) -> LedgerState:
        """Read the file and follow the chain; raises FaultError where it cannot be read."""
        whole, torn = self._file.read()
        return _follow(whole + torn, str(self.path))

    def append(
        self,
        when: str,
        purpose: Purpose,
        weights: tuple[str, ...],
        fingerprint: str,
        test_fingerprint: str | None = None,
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
        line = self._file.append_after(
            lambda whole, torn: _next_line(fields, whole, torn, str(self.path))
        )
        chain = json.loads(line)["chain"]
        return Opening(when, why, purpose, weights, fingerprint, chain, test_fingerprint)


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


def _next_line(fields: dict[str, object], whole: bytes, torn: bytes, where: str) -> bytes:
    """Return the line with these fields that follows the whole ones."""
    state = _follow(whole, where)
    if state.faults:
        raise FaultError(*state.faults)
    fields = {"n": len(state.lines) + 1, **fields}
    if torn:
        # Nothing was read after a torn line; its text is kept in the line that takes its place.
        fields["torn"] = torn.decode("ascii", errors="backslashreplace")
    chain = _chain(state.lines[-1].chain if state.lines else _GENESIS, fields)
    return _line({**fields, "chain": chain})


def _follow(content: bytes, where: str) -> LedgerState:
    lines: list[Opening] = []
    before = _GENESIS
    *whole, tail = content.split(b"\n")
    for number, text in enumerate(whole, start=1):
        fields = _chained(text, number, before)
        if fields is None:
            what = "the line was changed, moved or put in, or lines before it were taken out"
            return LedgerState(tuple(lines), (Fault(f"{where}, line {number}", what),))
        try:
            opening = opening_from_json(fields, f"{where}, line {number}")
        except FaultError as error:
            return LedgerState(tuple(lines), error.faults)
        lines.append(opening)
        before = opening.chain
    if tail:
        what = "the line is torn, as a crash while writing leaves it"
        return LedgerState(tuple(lines), (Fault(f"{where}, line {len(whole) + 1}", what),))
    return LedgerState(tuple(lines), ())


def _chained(text: bytes, number: int, before: str) -> dict[str, Any] | None:
    """Return the fields of a line that is number `number` after chain `before`, else None."""
    try:
        fields = read_json(text, "the ledger's line", any_signs=True)
        chain = fields.pop("chain")
        # Written again it must be the same bytes, so that no other spelling goes unseen.
        if fields["n"] != number or chain != _chain(before, fields):
            return None
        whole = {**fields, "chain": chain}
        return whole if _line(whole) == text + b"\n" else None
    except (FaultError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _chain(before: str, fields: dict[str, object]) -> str:
    return hashlib.sha256(before.encode() + _line(fields)).hexdigest()


def _line(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, ensure_ascii=True).encode() + b"\n"
