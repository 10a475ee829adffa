"""Several studies side by side."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from reports.record import StudyRecord
from reports.search_times import search_times
from reports.trials import best_so_far, counted, score_of, scored, value_of
from search_spaces.measures import MeasureName


@dataclass(frozen=True)
class Course:
    """One study's best so far: steps of (trial number or seconds, value), up to `last`.

    `values` are those of its complete trials.
    """

    name: str
    by_trial: tuple[tuple[int, float], ...]
    last_trial: int
    by_seconds: tuple[tuple[float, float], ...]
    last_second: float
    values: tuple[float, ...] = ()


@dataclass(frozen=True)
class Comparable:
    """Studies that may be drawn together: same measure, same data, same validation split."""

    measure: MeasureName
    about: str
    n: int
    folds: int
    courses: tuple[Course, ...]


def comparable_groups(records: Sequence[StudyRecord]) -> tuple[Comparable, ...]:
    """Group the studies by measure, data fingerprint and validation split or folds."""
    groups: dict[tuple[MeasureName, str, int, int, int], list[StudyRecord]] = {}
    for record in records:
        data = record.data
        key = (record.measure, data.fingerprint, record.split_seed, record.folds, data.validation_n)
        groups.setdefault(key, []).append(record)
    return tuple(
        Comparable(
            group[0].measure,
            f"{group[0].data.name}, {_split(group[0])} of seed {group[0].split_seed}",
            group[0].data.validation_n,
            group[0].folds,
            tuple(_course(record) for record in group),
        )
        for group in groups.values()
    )


def _split(record: StudyRecord) -> str:
    return f"{record.folds} folds" if record.folds > 1 else "validation split"


def _course(record: StudyRecord) -> Course:
    trials = list(counted(record))
    by_trial = best_so_far(trials, record.measure)
    times = search_times(record.trials)
    first = min((time.start for time in times.values()), default=0.0)
    ended = sorted(
        ((times[t.number].end - first, t) for t in trials if t.number in times),
        key=lambda pair: (pair[0], pair[1].number),
    )
    by_seconds: list[tuple[float, float]] = []
    highest = -math.inf
    for second, trial in ended:
        score = score_of(record.measure, trial)
        if trial.state == "complete" and score > highest:
            highest = score
            by_seconds.append((second, value_of(trial)))
    return Course(
        record.name,
        by_trial,
        max((t.number for t in trials), default=0),
        tuple(by_seconds),
        ended[-1][0] if ended else 0.0,
        tuple(value_of(trial) for trial in scored(record)),
    )
