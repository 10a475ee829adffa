"""How the search went, against both baselines and against luck."""

from dataclasses import dataclass

import numpy as np

from reports.record import StudyRecord
from reports.statistics.noise import Noise, best_quantile, expected_best, noise_of, wilson
from reports.trial_record import TrialRecord
from reports.trials import accuracy_of, baseline_trial, counted
from reports.views.thinning import thin

SHOWN = 2000


@dataclass(frozen=True)
class Point:
    """One trial: its accuracy is the last of its curve where it was pruned or failed."""

    number: int
    accuracy: float
    state: str
    origin: str


@dataclass(frozen=True)
class Level:
    """A baseline: its accuracy with a 95 % interval, and its name with split, n and runs."""

    accuracy: float
    low: float
    high: float
    name: str


@dataclass(frozen=True)
class Luck:
    """What the best of k trials as good as the baseline would show: k, mean, 5 % and 95 %."""

    trials: tuple[int, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    noise: Noise


@dataclass(frozen=True)
class Progress:
    """Points, the best so far by trial number, both baselines and the luck envelope."""

    points: tuple[Point, ...]
    left_out: int
    best: tuple[tuple[int, float], ...]
    own: Level | None
    published: Level | None
    incomparable: str | None
    luck: Luck | None


def progress_view(record: StudyRecord) -> Progress:
    """Compute the progress of the search."""
    with_accuracy = [t for t in counted(record) if accuracy_of(t) >= 0]
    best = best_so_far(with_accuracy)
    steps = {number for number, _ in best}
    kept = thin(with_accuracy, SHOWN, lambda t: t.number in steps or t.origin == "baseline")
    return Progress(
        points=tuple(Point(t.number, accuracy_of(t), t.state, t.origin) for t in kept),
        left_out=len(with_accuracy) - len(kept),
        best=best,
        own=own_level(record),
        published=published_level(record),
        incomparable=incomparable(record),
        luck=_luck(record),
    )


def best_so_far(trials: list[TrialRecord]) -> tuple[tuple[int, float], ...]:
    """Return each trial number at which a new best complete accuracy was reached, with it."""
    best: list[tuple[int, float]] = []
    for trial in trials:
        if trial.state == "complete" and (not best or accuracy_of(trial) > best[-1][1]):
            best.append((trial.number, accuracy_of(trial)))
    return tuple(best)


def own_level(record: StudyRecord) -> Level | None:
    """Return the baseline as it was run again here, on the validation split."""
    trial = baseline_trial(record)
    if trial is None:
        return None
    accuracy = accuracy_of(trial)
    low, high = wilson(accuracy, trial.n) if trial.n else (accuracy, accuracy)
    name = f"baseline re-run here (trial {trial.number}, {trial.split}, n = {trial.n:,})"
    return Level(accuracy, low, high, name)


def published_level(record: StudyRecord) -> Level | None:
    """Return the published baseline where it was measured on this study's data."""
    published = record.space.baseline.published
    if published is None or incomparable(record):
        return None
    low, high = wilson(published.accuracy, published.n)
    runs = "1 run, seed unknown" if published.runs == 1 else f"{published.runs} runs"
    name = f"published baseline ({published.split}, n = {published.n:,}, {runs})"
    return Level(published.accuracy, low, high, name)


def incomparable(record: StudyRecord) -> str | None:
    """Say why the published number cannot be compared with this study; None where it can."""
    published = record.space.baseline.published
    if published is None or published.data == record.data.name:
        return None
    return (
        f"The published {100 * published.accuracy:.2f} % was measured on {published.data}; "
        f"this study's data is {record.data.name}, so the two cannot be compared."
    )


def _luck(record: StudyRecord) -> Luck | None:
    level, noise = own_level(record), noise_of(record)
    total = len(counted(record))
    if level is None or noise is None or total < 2:
        return None
    k = np.unique(np.round(np.geomspace(1, total, 60)).astype(np.int64))
    mean, low, high = (
        tuple(float(v) for v in level.accuracy + noise.sd * z)
        for z in (expected_best(k), best_quantile(k, 0.05), best_quantile(k, 0.95))
    )
    return Luck(tuple(int(v) for v in k), mean, low, high, noise)
