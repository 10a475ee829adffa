"""Two parameters together: trials on a plane, and the value that their neighbours suggest."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from reports.record import StudyRecord
from reports.trials import baseline_trial, scored, value_of, winner_trial
from reports.views.scale import Scale, scale_of
from reports.views.thinning import thin
from search_spaces.parameters import Scalar

CELLS = 22
REACH = 0.12
SHOWN = 400
MOST_PAIRS = 10


@dataclass(frozen=True)
class Spot:
    """One complete trial: its two params and what it reached; role is trial, baseline or best."""

    number: int
    x: Scalar
    y: Scalar
    value: float
    role: str


@dataclass(frozen=True)
class Pair:
    """Two axes, the trials on them, and a grid [y][x] of smoothed values.

    `places` are the grid's x and y places from 0 to 1. A cell with no trial near is None.
    """

    x: Scale
    y: Scale
    spots: tuple[Spot, ...]
    places: tuple[tuple[float, ...], tuple[float, ...]]
    grid: tuple[tuple[float | None, ...], ...]
    left_out: int


def pair_views(record: StudyRecord, order: tuple[str, ...]) -> tuple[Pair, ...]:
    """Return the pairs of the most important parameters, the first two first."""
    scales = {p.name: scale_of(p) for p in record.space.parameters}
    names = [name for name in order if name in scales]
    names += [name for name in scales if name not in names]
    # Five parameters have ten pairs.
    chosen = sorted(combinations(range(min(5, len(names))), 2), key=lambda ij: (sum(ij), ij))
    pairs = (_pair(record, scales[names[i]], scales[names[j]]) for i, j in chosen[:MOST_PAIRS])
    return tuple(pair for pair in pairs if len(pair.spots) > 2)


def _pair(record: StudyRecord, x: Scale, y: Scale) -> Pair:
    roles = {t.number: "best" for t in (winner_trial(record),) if t}
    roles |= {t.number: "baseline" for t in (baseline_trial(record),) if t}
    spots = [
        Spot(
            t.number,
            t.params[x.name],
            t.params[y.name],
            value_of(t),
            roles.get(t.number, "trial"),
        )
        for t in scored(record)
        if x.name in t.params and y.name in t.params
    ]
    spots = [s for s in spots if x.place(s.x) is not None and y.place(s.y) is not None]
    kept = thin(spots, SHOWN, lambda s: s.role != "trial")
    places = (_grid_places(x), _grid_places(y))
    return Pair(x, y, tuple(kept), places, _smooth(x, y, kept, places), len(spots) - len(kept))


def _grid_places(scale: Scale) -> tuple[float, ...]:
    if scale.choices:
        return tuple((i + 0.5) / len(scale.choices) for i in range(len(scale.choices)))
    return tuple(i / (CELLS - 1) for i in range(CELLS))


def _smooth(
    x: Scale, y: Scale, spots: list[Spot], places: tuple[tuple[float, ...], tuple[float, ...]]
) -> tuple[tuple[float | None, ...], ...]:
    """Average values with Gaussian weights (Nadaraya 1964, Watson 1964).

    The width is 0.12 of an axis; a cell further than twice that from every trial stays empty. Rows
    of choices are not averaged over each other.
    """
    if not spots:
        return ()
    across = _squared(places[0], [x.place(s.x) or 0.0 for s in spots], x)
    up = _squared(places[1], [y.place(s.y) or 0.0 for s in spots], y)
    squared = up[:, None, :] + across[None, :, :]
    weights = np.exp(-squared / 2)
    values = np.array([s.value for s in spots])
    near = squared.min(axis=2) <= 4.0
    total = np.where(near, weights.sum(axis=2), 1.0)
    means = (weights @ values) / total
    return tuple(
        tuple(float(v) if ok else None for v, ok in zip(row, good, strict=True))
        for row, good in zip(means, near, strict=True)
    )


def _squared(places: tuple[float, ...], values: list[float], scale: Scale) -> NDArray[np.float64]:
    reach = 0.05 / len(scale.choices) if scale.choices else REACH
    away: NDArray[np.float64] = (np.array(places)[:, None] - np.array(values)[None, :]) / reach
    return away**2
