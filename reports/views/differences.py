"""The answers as differences on one axis: where each interval lies about zero and the margin."""

from dataclasses import dataclass

from reports.record import Answer, StudyRecord
from reports.views.answer import SHORTLY, asked
from search_spaces.measures import MEASURES, MeasureName


@dataclass(frozen=True)
class Difference:
    """One answer: against what, difference with interval, level, seeds, n.

    The difference is one of the measure's own values; of accuracies it is a fraction.
    """

    against: str
    answer: Answer
    difference: float
    low: float
    high: float
    level: float
    seeds: int
    n: int
    groups: int | None = None
    measure: MeasureName = "accuracy"
    weighted_n: float | None = None


def differences(record: StudyRecord) -> tuple[Difference, ...]:
    """Return the answers that have an interval, in the order in which they are read."""
    found = []
    for one in asked(record):
        if one.interval is not None and one.difference is not None:
            ends = one.interval
            against = SHORTLY[one.against]
            found.append(
                Difference(
                    against, one.answer, one.difference,
                    ends.low, ends.high, ends.level, one.seeds, one.n, one.groups,
                    record.measure, one.weighted_n,
                )
            )  # fmt: skip
    return tuple(found)


def margin_of(record: StudyRecord) -> float:
    """Return the smallest gain that counts as a difference of the measure's own values."""
    margin = max((one.margin for one in asked(record)), default=0.0)
    return MEASURES[record.measure].oriented(margin) if margin else 0.0
