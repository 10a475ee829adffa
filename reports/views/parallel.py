"""All parameters side by side: what the good trials share."""

from dataclasses import dataclass

from reports.record import StudyRecord
from reports.trials import accuracy_of, baseline_trial, ranked
from reports.views.scale import Scale, scale_of
from reports.views.thinning import thin

SHOWN = 240
MOST_AXES = 12
# Ranks from the top: the best tenth, up to a quarter, up to a half, the rest.
GROUPS = ((0.1, "best 10 %"), (0.25, "10 to 25 %"), (0.5, "25 to 50 %"), (1.0, "rest"))


@dataclass(frozen=True)
class Path:
    """One complete trial as places (0-1) on the axes; None where a parameter was not active."""

    number: int
    accuracy: float
    places: tuple[float | None, ...]


@dataclass(frozen=True)
class Parallel:
    """The axes, paths by group from best to worst, the baseline's path, and what was left out."""

    scales: tuple[Scale, ...]
    groups: tuple[tuple[str, tuple[Path, ...]], ...]
    baseline: Path | None
    left_out: int
    axes_left_out: int


def parallel_view(record: StudyRecord, order: tuple[str, ...]) -> Parallel:
    """Return the paths over the most important parameters."""
    rank = {name: i for i, name in enumerate(order)}
    parameters = sorted(record.space.parameters, key=lambda p: rank.get(p.name, len(rank)))
    scales = tuple(scale_of(p) for p in parameters[:MOST_AXES])
    ordered = ranked(record.trials)
    first = max(1, round(len(ordered) * GROUPS[0][0]))
    base = baseline_trial(record)
    marked = [*ordered[: min(first, SHOWN // 4)], base]
    kept = thin(ordered, SHOWN, lambda t: t in marked)
    paths = [
        Path(
            t.number,
            accuracy_of(t),
            tuple(s.place(t.params[s.name]) if s.name in t.params else None for s in scales),
        )
        for t in kept
    ]
    baseline = next((p for p in paths if base and p.number == base.number), None)
    ranks = {t.number: (i + 1) / len(ordered) for i, t in enumerate(ordered)}
    groups = []
    low = 0.0
    for high, name in GROUPS:
        within = tuple(p for p in paths if low < ranks[p.number] <= high)
        groups.append((name, within))
        low = high
    hidden = len(record.space.parameters) - len(scales)
    return Parallel(scales, tuple(groups), baseline, len(ordered) - len(kept), hidden)
