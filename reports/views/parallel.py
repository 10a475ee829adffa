"""All parameters side by side: what the good trials share."""

from dataclasses import dataclass

from reports.record import StudyRecord
from reports.trials import baseline_trial, ranked, score_of, value_of
from reports.views.scale import Scale, scale_of
from reports.views.thinning import thin
from search_spaces.measures import MEASURES, MeasureName

SHOWN = 240
MOST_AXES = 12
# Ranks from the top: the best tenth, up to a quarter, up to a half, the rest.
GROUPS = ((0.1, "best 10 %"), (0.25, "10 to 25 %"), (0.5, "25 to 50 %"), (1.0, "rest"))


@dataclass(frozen=True)
class Path:
    """One complete trial as places (0-1) on the axes; None where a parameter was not active.

    `height` is its place on the axis of the measure, where better is higher.
    """

    number: int
    value: float
    places: tuple[float | None, ...]
    height: float


@dataclass(frozen=True)
class Parallel:
    """The axes, paths by group from best to worst, the baseline's path, and what was left out.

    `ends` are those of the measure's axis: whatever is worse stands at its low end.
    """

    scales: tuple[Scale, ...]
    measure: MeasureName
    ends: tuple[float, float]
    groups: tuple[tuple[str, tuple[Path, ...]], ...]
    baseline: Path | None
    left_out: int
    axes_left_out: int


def parallel_view(record: StudyRecord, order: tuple[str, ...]) -> Parallel:
    """Return the paths over the most important parameters."""
    rank = {name: i for i, name in enumerate(order)}
    parameters = sorted(record.space.parameters, key=lambda p: rank.get(p.name, len(rank)))
    scales = tuple(scale_of(p) for p in parameters[:MOST_AXES])
    ordered = ranked(record.trials, record.measure)
    first = max(1, round(len(ordered) * GROUPS[0][0]))
    base = baseline_trial(record)
    marked = [*ordered[: min(first, SHOWN // 4)], base]
    kept = thin(ordered, SHOWN, lambda t: t in marked)
    scores = {t.number: score_of(record.measure, t) for t in ordered}
    low, high = _ends(list(scores.values()))
    paths = [
        Path(
            t.number,
            value_of(t),
            tuple(s.place(t.params[s.name]) if s.name in t.params else None for s in scales),
            max(0.0, (scores[t.number] - low) / (high - low)),
        )
        for t in kept
    ]
    baseline = next((p for p in paths if base and p.number == base.number), None)
    ranks = {t.number: (i + 1) / len(ordered) for i, t in enumerate(ordered)}
    groups = []
    above = 0.0
    for up_to, name in GROUPS:
        within = tuple(p for p in paths if above < ranks[p.number] <= up_to)
        groups.append((name, within))
        above = up_to
    turned = MEASURES[record.measure].oriented
    ends = turned(low), turned(high)
    hidden = len(record.space.parameters) - len(scales)
    left_out = len(ordered) - len(kept)
    return Parallel(scales, record.measure, ends, tuple(groups), baseline, left_out, hidden)


def _ends(best_first: list[float]) -> tuple[float, float]:
    """Return the ends of the axis of scores: a few bad trials must not squeeze all others."""
    if not best_first:
        return 0.0, 1.0
    high = best_first[0]
    low = best_first[9 * (len(best_first) - 1) // 10]
    return (low, high) if high > low else (high - 0.001, high)
