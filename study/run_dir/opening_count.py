"""Which openings of a test split are counted: those that tell something new."""

from collections.abc import Hashable, Iterable, Sequence

from reports.opening import Opening, Purpose


def opening_number(openings: Sequence[Opening]) -> int:
    """Count the openings that widen the interval.

    A planned look right after the look before it, of the same candidate among as many looks, is
    paid for by the looks' own levels; the same weights opened again (after a crash) tell nothing
    new.
    """
    return max(1, count_of([openings]))


def count_before(own: Sequence[Opening], others: Sequence[Sequence[Opening]]) -> int:
    """Count other ledgers' openings before the last of its own; the same networks count once."""
    seen = {frozenset(one.weights) for one in own}
    last = max((one.when for one in own), default="")
    return count_of(
        [one for one in lines if one.when <= last and frozenset(one.weights) not in seen]
        for lines in others
    )


def count_of(ledgers: Iterable[Iterable[Opening]]) -> int:
    """Count the openings of several ledgers together; the same networks count once."""
    openings = ((number, one) for number, lines in enumerate(ledgers) for one in lines)
    return max(running_counts(openings), default=0)


def running_counts(openings: Iterable[tuple[Hashable, Opening]]) -> tuple[int, ...]:
    """Return how many openings count up to each one, of several ledgers: (ledger, opening)."""
    seen: set[frozenset[str]] = set()
    before: dict[Hashable, Purpose | None] = {}
    counts: list[int] = []
    counted = 0
    for ledger, opening in openings:
        weights = frozenset(opening.weights)
        is_next_look = _is_next_look(opening.purpose, before.get(ledger))
        counted += not is_next_look and weights not in seen
        seen.add(weights)
        before[ledger] = opening.purpose
        counts.append(counted)
    return tuple(counts)


def _is_next_look(purpose: Purpose | None, before: Purpose | None) -> bool:
    if purpose is None or before is None or purpose.look is None or before.look is None:
        return False
    series = [(one.stage, one.candidate, one.looks) for one in (before, purpose)]
    return series[0] == series[1] and purpose.look == before.look + 1
