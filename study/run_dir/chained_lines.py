"""The form of a ledger: lines of JSON, each with the hash of all before it."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from search_spaces.faults import Fault, FaultError
from search_spaces.json_text import read_json

T = TypeVar("T")
# Makes a value of a line's fields and of where the line stands; raises FaultError.
Read = Callable[[dict[str, Any], str], T]

# The line before the first.
GENESIS = hashlib.sha256(b"dense-study ledger 1").hexdigest()


@dataclass(frozen=True)
class Followed(Generic[T]):
    """The values of a chain's lines up to the first fault, every fault, and the last hash."""

    values: tuple[T, ...]
    faults: tuple[Fault, ...]
    chain: str


def follow(content: bytes, where: str, read: Read[T]) -> Followed[T]:
    """Read the lines up to the first that is torn, breaks the chain or means nothing."""
    values: list[T] = []
    before = GENESIS
    *whole, tail = content.split(b"\n")
    for number, text in enumerate(whole, start=1):
        place = f"{where}, line {number}"
        fields = _chained(text, number, before)
        if fields is None:
            what = "the line was changed, moved or put in, or lines before it were taken out"
            return Followed(tuple(values), (Fault(place, what),), before)
        try:
            values.append(read(fields, place))
        except FaultError as error:
            return Followed(tuple(values), error.faults, before)
        before = fields["chain"]
    faults: tuple[Fault, ...] = ()
    if tail:
        what = "the line is torn, as a crash while writing leaves it"
        faults = (Fault(f"{where}, line {len(whole) + 1}", what),)
    return Followed(tuple(values), faults, before)


def next_lines(rows: Sequence[Mapping[str, object]], after: Followed[Any], torn: bytes) -> bytes:
    """Return the lines with these fields that follow a chain; raises FaultError where it is broken.

    Nothing was done after a torn line; its text is kept in the line that takes its place.
    """
    if after.faults:
        raise FaultError(*after.faults)
    lines: list[bytes] = []
    before = after.chain
    for number, row in enumerate(rows, start=len(after.values) + 1):
        fields: dict[str, object] = {"n": number, **row}
        if torn and not lines:
            fields["torn"] = torn.decode("ascii", errors="backslashreplace")
        before = chain_hash(before, fields)
        lines.append(line_of({**fields, "chain": before}))
    return b"".join(lines)


def chain_hash(before: str, fields: Mapping[str, object]) -> str:
    """Return the hash of a line with these fields after the chain `before`."""
    return hashlib.sha256(before.encode() + line_of(fields)).hexdigest()


def line_of(fields: Mapping[str, object]) -> bytes:
    """Return fields as a line, with its line end."""
    return json.dumps(fields, ensure_ascii=True).encode() + b"\n"


def _chained(text: bytes, number: int, before: str) -> dict[str, Any] | None:
    """Return the fields of a line that is number `number` after chain `before`, else None."""
    try:
        fields = read_json(text, "the ledger's line", any_signs=True)
        chain = fields.pop("chain")
        # Written again it must be the same bytes, so that no other spelling goes unseen.
        if fields["n"] != number or chain != chain_hash(before, fields):
            return None
        whole = {**fields, "chain": chain}
        return whole if line_of(whole) == text + b"\n" else None
    except (FaultError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
