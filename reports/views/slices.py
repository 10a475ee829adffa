"""Each parameter against what the study measures."""

from dataclasses import dataclass

from reports.record import StudyRecord
from reports.trials import baseline_trial, scored, value_of, winner_trial
from reports.views.scale import Scale, scale_of
from reports.views.thinning import thin
from search_spaces.parameters import Scalar

# Dots of all slices together; a slice shows at most 800.
SHOWN_IN_ALL, SHOWN = 12_000, 800


@dataclass(frozen=True)
class Dot:
    """One complete trial: its value of the parameter, and what it reached."""

    number: int
    value: Scalar
    reached: float


@dataclass(frozen=True)
class Slice:
    """One parameter's axis and dots; baseline and best are marked where they have a value."""

    scale: Scale
    dots: tuple[Dot, ...]
    baseline: Dot | None
    best: Dot | None
    left_out: int


def slice_views(record: StudyRecord, order: tuple[str, ...] = ()) -> tuple[Slice, ...]:
    """Return a slice for each searched parameter, those of `order` first.

    Trials in which a parameter was not active are not on its slice.
    """
    rank = {name: i for i, name in enumerate(order)}
    parameters = sorted(record.space.parameters, key=lambda p: rank.get(p.name, len(rank)))
    shown = min(SHOWN, SHOWN_IN_ALL // max(1, len(parameters)))
    return tuple(_slice(record, scale_of(parameter), shown) for parameter in parameters)


def _slice(record: StudyRecord, scale: Scale, shown: int) -> Slice:
    with_value = [t for t in scored(record) if t.params.get(scale.name) is not None]
    marked = [baseline_trial(record), winner_trial(record)]
    kept = thin(with_value, shown, lambda t: t in marked)
    dots = {
        t.number: Dot(t.number, t.params[scale.name], value_of(t))
        for t in kept
        if scale.place(t.params[scale.name]) is not None
    }
    baseline, best = (dots.get(t.number) if t else None for t in marked)
    return Slice(scale, tuple(dots.values()), baseline, best, len(with_value) - len(kept))
