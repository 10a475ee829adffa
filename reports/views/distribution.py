"""The empirical distribution of accuracies: which share of the trials reached how much."""

from collections.abc import Sequence


def distribution(accuracies: Sequence[float]) -> tuple[tuple[float, float], ...]:
    """Return (accuracy, share of trials that reached at most this much) in rising order."""
    ordered = sorted(accuracies)
    return tuple(
        (value, (i + 1) / len(ordered))
        for i, value in enumerate(ordered)
        if i + 1 == len(ordered) or ordered[i + 1] != value
    )
