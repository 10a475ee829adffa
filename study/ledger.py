"""The ledger: every opening of the test split, append-only, chained by hash."""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from reports.record import Opening
from search_spaces.faults import Fault, FaultError, fault
from study.keeping import only_here

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
    a report or a bundle (`continues`). `keep` is told each line first, and keeps it elsewhere too.
    """

    def __init__(self, path: Path, keep: Callable[[bytes], None] = only_here) -> None:
        self.path = path
        self._keep = keep

    def lines(self) -> tuple[Opening, ...]:
        """Return the openings up to the first fault; none where there is no file."""
        return self.state().lines

    def intact(self) -> bool:
        """Return whether every line is whole and follows from the one before."""
        return not self.state().faults

    def continues(self, chain: str) -> bool:
        """Return whether a chain hash noted earlier is still part of this ledger."""
        return chain == _GENESIS or any(line.chain == chain for line in self.lines())

    def state(self) -> LedgerState:
        """Read the file and follow the chain; raises FaultError where it cannot be read."""
        try:
            with self.path.open("rb") as stream:
                fcntl.flock(stream, fcntl.LOCK_SH)
                content = stream.read()
        except FileNotFoundError:
            return LedgerState((), ())
        except OSError as error:
            what = "the ledger cannot be read"
            raise fault(str(self.path), f"{what}: {error.strerror or error}") from error
        return _follow(content, str(self.path))

    def append(self, when: str, why: str, weights: tuple[str, ...], fingerprint: str) -> Opening:
        """Add one opening and return it once it is on disk.

        Raises FaultError where the ledger cannot be written, or is not intact: what follows a
        broken chain would hide the break.
        """
        fields: dict[str, object] = {"when": when, "why": why}
        fields |= {"weights": list(weights), "fingerprint": fingerprint}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+b") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX)
                chain = _append(stream, fields, str(self.path), self._keep)
            _sync_folder(self.path.parent)
        except OSError as error:
            what = "the ledger cannot be written, so the test split stays shut"
            raise fault(str(self.path), f"{what}: {error.strerror or error}") from error
        return Opening(when, why, weights, fingerprint, chain)


def _append(
    stream: BinaryIO, fields: dict[str, object], where: str, keep: Callable[[bytes], None]
) -> str:
    """Write a line with these fields after the last whole one and return its chain hash."""
    stream.seek(0)
    content = stream.read()
    kept = content[: content.rfind(b"\n") + 1]
    state = _follow(kept, where)
    if state.faults:
        raise FaultError(*state.faults)
    fields = {"n": len(state.lines) + 1, **fields}
    if torn := content[len(kept) :].decode("ascii", errors="backslashreplace"):
        # Nothing was read after a torn line; its text is kept in the line that takes its place.
        fields["torn"] = torn
    chain = _chain(state.lines[-1].chain if state.lines else _GENESIS, fields)
    line = _line({**fields, "chain": chain})
    keep(line)
    stream.truncate(len(kept))
    stream.write(line)
    stream.flush()
    os.fsync(stream.fileno())
    return chain


def _follow(content: bytes, where: str) -> LedgerState:
    lines: list[Opening] = []
    before = _GENESIS
    *whole, tail = content.split(b"\n")
    for number, text in enumerate(whole, start=1):
        opening = _parse(text, number, before)
        if opening is None:
            what = "the line was changed, moved or put in, or lines before it were taken out"
            return LedgerState(tuple(lines), (Fault(f"{where}, line {number}", what),))
        lines.append(opening)
        before = opening.chain
    if tail:
        what = "the line is torn, as a crash while writing leaves it"
        return LedgerState(tuple(lines), (Fault(f"{where}, line {len(whole) + 1}", what),))
    return LedgerState(tuple(lines), ())


def _parse(text: bytes, number: int, before: str) -> Opening | None:
    """Return the opening of a line that is number `number` after chain `before`, else None."""
    try:
        fields = json.loads(text)
        chain = fields.pop("chain")
        # Written again it must be the same bytes, so that no other spelling goes unseen.
        if fields["n"] != number or chain != _chain(before, fields):
            return None
        if _line({**fields, "chain": chain}) != text + b"\n":
            return None
        weights = tuple(fields["weights"])
        return Opening(fields["when"], fields["why"], weights, fields["fingerprint"], chain)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _chain(before: str, fields: dict[str, object]) -> str:
    return hashlib.sha256(before.encode() + _line(fields)).hexdigest()


def _line(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, ensure_ascii=True).encode() + b"\n"


def _sync_folder(folder: Path) -> None:
    """Make the name of a file that may be new durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
