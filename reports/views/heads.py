"""The confirmed winners of several studies against each other, on the test images they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from reports.record import Interval, StudyRecord
from reports.statistics.crossed import Correct, mean_difference
from reports.statistics.groups import Groups
from reports.statistics.intervals import of_difference
from reports.statistics.two_way import LEAST_SEEDS

FAMILY_LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class Predictions:
    """Which test predictions were correct (seeds, n), and which images belong together (n,)."""

    correct: Correct
    groups: Groups | None = None


@dataclass(frozen=True)
class Head:
    """One pair: mean test accuracies over `seeds` trainings each, and their difference.

    `difference` is the first winner's minus the second's (fraction); `interval` holds together with
    those of all other pairs of the page.
    """

    first: str
    second: str
    accuracies: tuple[float, float]
    difference: float
    interval: Interval
    seeds: int
    n: int
    groups: int | None = None


@dataclass(frozen=True)
class Apart:
    """A pair that cannot be compared, and why."""

    first: str
    second: str
    reason: str


def heads(
    records: Sequence[StudyRecord], finals: Mapping[str, Predictions]
) -> tuple[tuple[Head, ...], tuple[Apart, ...]]:
    """Compare each pair of studies whose winners were tested on the same images.

    `finals` says by study which predictions of its winner were correct. Both get
    as many seeds as the pair has in common. With k pairs each interval has the level 1 - 0.05 / k,
    so that all hold together with 95 % (Bonferroni).
    """
    pairs = list(combinations(records, 2))
    reasons = [_reason(one, other, finals) for one, other in pairs]
    level = 1 - (1 - FAMILY_LEVEL) / max(1, reasons.count(""))
    compared: list[Head] = []
    apart: list[Apart] = []
    for (one, other), reason in zip(pairs, reasons, strict=True):
        if reason:
            apart.append(Apart(one.name, other.name, reason))
        else:
            sides = finals[one.name], finals[other.name]
            compared.append(_head(one.name, other.name, sides, level))
    return tuple(compared), tuple(apart)


def _head(first: str, second: str, sides: tuple[Predictions, Predictions], level: float) -> Head:
    one, other = (side.correct for side in sides)
    seeds = min(len(one), len(other))
    # The images are the same; one of the studies may be older than groups are.
    groups = sides[0].groups if sides[1].groups is None else sides[1].groups
    spread = mean_difference(one[:seeds], other[:seeds], groups)
    return Head(
        first,
        second,
        (float(one[:seeds].mean()), float(other[:seeds].mean())),
        spread.mean,
        of_difference(spread, level),
        seeds,
        spread.n,
        spread.groups,
    )


def _reason(one: StudyRecord, other: StudyRecord, finals: Mapping[str, Predictions]) -> str:
    missing = [record.name for record in (one, other) if record.name not in finals]
    if missing:
        return f"{' and '.join(missing)} not confirmed on the test set"
    sides = finals[one.name].correct, finals[other.name].correct
    if not one.data.test.is_same(other.data.test) or sides[0].shape[1] != sides[1].shape[1]:
        return "their test images differ"
    if min(len(side) for side in sides) < LEAST_SEEDS:
        return f"fewer than {LEAST_SEEDS} seeds"
    looked = [record.name for record in (one, other) if _has_looked_on(record)]
    if looked:
        return f"how many seeds {' and '.join(looked)} has depends on its results (planned looks)"
    return ""


def _has_looked_on(record: StudyRecord) -> bool:
    """Tell whether the winner's final had planned looks, which end at the first clear answer."""
    found = record.confirmation
    purposes = [one.purpose for one in found.openings] if found else []
    return any(p.looks is not None and p.looks > 1 for p in purposes if p is not None)
