"""Confirmations that a budget may have time for, from what is asked to the least."""

from collections.abc import Iterator
from dataclasses import dataclass

from study.budget.asked import Asked
from study.run_dir.confirm_options import AUTO_LOOKS

# A final with fewer seeds has no interval.
_LEAST_SEEDS = 2


@dataclass(frozen=True)
class Shape:
    """A confirmation: so many candidates race over rounds; seeds of the final, None for looks."""

    top: int
    rounds: int
    seeds: int | None


def least_seeds(asked: Asked) -> int:
    """Return the fewest seeds of a final that is not left out."""
    return min(_LEAST_SEEDS, asked.most)


def shapes_of(asked: Asked) -> tuple[Shape, ...]:
    """Return the confirmations that may be planned, from what is asked to the least."""
    return tuple(dict.fromkeys(_shrinking(asked)))


def _shrinking(asked: Asked) -> Iterator[Shape]:
    """Yield confirmations from what is asked to the least: first fewer seeds, then a short race."""
    if asked.seeds is None:
        yield Shape(asked.top, asked.rounds, None)
    most = AUTO_LOOKS[0] if asked.seeds is None else asked.seeds
    least = least_seeds(asked)
    few = min(most, least + 1)
    for seeds in range(most, few - 1, -1):
        yield Shape(asked.top, asked.rounds, seeds)
    yield Shape(min(2, asked.top), min(2, asked.rounds), few)
    yield Shape(1, min(2, asked.rounds), few)
    yield Shape(1, 1, min(most, least))
