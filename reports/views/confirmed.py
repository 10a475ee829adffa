"""What confirmation found besides the answer."""

from dataclasses import dataclass

from reports.record import Confirmation


@dataclass(frozen=True)
class Confusion:
    """Counts by true class (rows) and predicted class (columns), and the largest mistakes."""

    classes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    worst: tuple[tuple[str, str, int], ...]
    n: int


def confusion_view(confirmation: Confirmation, classes: tuple[str, ...]) -> Confusion | None:
    """Return the winner's confusion matrix; None where it was not recorded."""
    counts = confirmation.confusion
    if not counts:
        return None
    names = classes if len(classes) == len(counts) else tuple(str(i) for i in range(len(counts)))
    mistakes = [
        (names[i], names[j], number)
        for i, row in enumerate(counts)
        for j, number in enumerate(row)
        if i != j and number
    ]
    mistakes.sort(key=lambda mistake: -mistake[2])
    return Confusion(names, counts, tuple(mistakes[:12]), sum(map(sum, counts)))
