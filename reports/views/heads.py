"""The confirmed winners of several studies against each other, on the test images they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from reports.record import Interval, StudyRecord
from reports.statistics.groups import Groups
from reports.statistics.intervals import of_difference
from reports.statistics.scores import Scores, score_difference
from reports.statistics.two_way import LEAST_SEEDS
from reports.turned import turned
from search_spaces.measures import MeasureName

FAMILY_LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class WinnerScores:
    """What a winner's networks scored on test, and which images belong together (n,)."""

    scores: Scores
    groups: Groups | None = None


@dataclass(frozen=True)
class Head:
    """One pair: its measure's means on test over `seeds` trainings each, and their difference.

    `difference` is the first winner's minus the second's, in the measure's own direction and unit;
    `interval` holds together with those of all other pairs of the page. Of winner `better`, None
    where the interval holds zero, it is shown that it is the better one.
    """

    first: str
    second: str
    measure: MeasureName
    values: tuple[float, float]
    difference: float
    interval: Interval
    seeds: int
    n: int
    groups: int | None = None
    weighted_n: float | None = None

    @property
    def better(self) -> str | None:
        """Return the winner that is shown to be the better one."""
        own = turned(self.interval, self.measure)
        if own.low <= 0 <= own.high:
            return None
        return self.first if own.low > 0 else self.second


@dataclass(frozen=True)
class Apart:
    """A pair that cannot be compared, and why."""

    first: str
    second: str
    reason: str


def shared_measure(records: Sequence[StudyRecord]) -> MeasureName:
    """Return the measure that all studies were tuned on, accuracy where they differ."""
    measures = {record.measure for record in records}
    return measures.pop() if len(measures) == 1 else "accuracy"


def heads(
    records: Sequence[StudyRecord], finals: Mapping[str, WinnerScores]
) -> tuple[tuple[Head, ...], tuple[Apart, ...]]:
    """Compare each pair of studies whose winners were tested on the same images.

    `finals` says by study what its winner scored, all by one measure. Both get
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


def _head(first: str, second: str, sides: tuple[WinnerScores, WinnerScores], level: float) -> Head:
    one, other = (side.scores for side in sides)
    seeds = min(one.shape[0], other.shape[0])
    one, other = one.first(seeds), other.first(seeds)
    measure = one.measure
    # The images are the same; one of the studies may be older than groups are.
    groups = sides[0].groups if sides[1].groups is None else sides[1].groups
    spread = score_difference(one, other, groups)
    return Head(
        first,
        second,
        measure.name,
        (one.value, other.value),
        measure.oriented(spread.mean),
        turned(of_difference(spread, level), measure.name),
        seeds,
        spread.n,
        spread.groups,
        spread.weighted_n,
    )


def _reason(one: StudyRecord, other: StudyRecord, finals: Mapping[str, WinnerScores]) -> str:
    missing = [record.name for record in (one, other) if record.name not in finals]
    if missing:
        return f"{' and '.join(missing)} not confirmed on the test set"
    sizes = finals[one.name].scores.shape, finals[other.name].scores.shape
    if not one.data.test.is_same(other.data.test) or sizes[0][1] != sizes[1][1]:
        return f"their test {one.data.inputs} differ"
    if min(seeds for seeds, _ in sizes) < LEAST_SEEDS:
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
