"""How the search went, against both baselines and against luck."""

import math
from dataclasses import dataclass

from reports.record import StudyRecord
from reports.statistics.intervals import of_one_trial
from reports.statistics.luck import expected_luck
from reports.statistics.luck_band import luck_bounds
from reports.statistics.noise import Noise, noise_of
from reports.trials import baseline_trial, best_so_far, counted, value_of
from reports.views.published import incomparable
from reports.views.published_interval import of_published
from reports.views.thinning import thin
from search_spaces.measures import MEASURES, MeasureName
from search_spaces.published import n_words, runs_words

SHOWN = 2000


@dataclass(frozen=True)
class Point:
    """One trial: its value of the measure, the last of its curve where it was pruned or failed."""

    number: int
    value: float
    state: str
    origin: str


@dataclass(frozen=True)
class Level:
    """A baseline: its value with a 95 % interval, and its name with split, n and runs."""

    value: float
    low: float
    high: float
    name: str


@dataclass(frozen=True)
class Luck:
    """What the best of k trials as good as the baseline's would show: k, mean, highest.

    The best of k trials is no better than `edge` for all k together in 95 % of searches; it is
    never worse than the baseline's trial, which is one of them.
    """

    trials: tuple[int, ...]
    mean: tuple[float, ...]
    edge: tuple[float, ...]
    noise: Noise


@dataclass(frozen=True)
class Progress:
    """Points, the best so far by trial number, both baselines and the luck envelope.

    All values are those of the `measure`.
    """

    points: tuple[Point, ...]
    left_out: int
    best: tuple[tuple[int, float], ...]
    own: Level | None
    published: Level | None
    incomparable: str | None
    luck: Luck | None
    measure: MeasureName = "accuracy"


def progress_view(record: StudyRecord) -> Progress:
    """Compute the progress of the search."""
    with_value = [t for t in counted(record) if not math.isnan(value_of(t))]
    best = best_so_far(with_value, record.measure)
    steps = {number for number, _ in best}
    kept = thin(with_value, SHOWN, lambda t: t.number in steps or t.origin == "baseline")
    return Progress(
        measure=record.measure,
        points=tuple(Point(t.number, value_of(t), t.state, t.origin) for t in kept),
        left_out=len(with_value) - len(kept),
        best=best,
        own=own_level(record),
        published=published_level(record),
        incomparable=incomparable(record),
        luck=_luck(record),
    )


def own_level(record: StudyRecord) -> Level | None:
    """Return the baseline as it was run again here, on the validation split."""
    trial = baseline_trial(record)
    if trial is None:
        return None
    value = value_of(trial)
    name = f"baseline re-run here (trial {trial.number}, {trial.split}, n = {trial.n:,})"
    own = of_one_trial(trial)
    return Level(value, *own, name) if own else Level(value, value, value, name)


def published_level(record: StudyRecord) -> Level | None:
    """Return the published baseline where it was measured on this study's data."""
    published = record.space.baseline.published
    if published is None or incomparable(record):
        return None
    low, high = of_published(published)
    number = published.number
    size = f"{n_words(published)}, {runs_words(published)}"
    name = f"published baseline ({published.split}, {size})"
    return Level(number, number if low is None else low, number if high is None else high, name)


def _luck(record: StudyRecord) -> Luck | None:
    level, noise = own_level(record), noise_of(record)
    total = len(counted(record))
    if level is None or noise is None or total < 2:
        return None
    counts, bounds = luck_bounds(total, noise.df)
    trials = tuple(int(k) for k in counts)
    sign = MEASURES[record.measure].oriented(1.0)
    mean = tuple(level.value + sign * expected_luck(k, noise.sd) for k in trials)
    edge = tuple(level.value + sign * noise.sd * float(bound) for bound in bounds)
    return Luck(trials, mean, edge, noise)
