"""What a study measures against what it costs."""

from dataclasses import dataclass
from typing import Literal

from reports.record import StudyRecord
from reports.trial_record import TrialRecord
from reports.trials import baseline_trial, score_of, scored, value_of, winner_trial
from reports.views.thinning import thin

SHOWN = 1500
Cost = Literal["seconds", "parameters"]


@dataclass(frozen=True)
class Priced:
    """One complete trial: its cost and value; `front` marks that none is cheaper and better."""

    number: int
    cost: float
    value: float
    role: str
    front: bool


@dataclass(frozen=True)
class CostView:
    """Trials by falling cost-effectiveness and how many were left out."""

    trials: tuple[Priced, ...]
    left_out: int


def cost_view(record: StudyRecord, cost: Cost) -> CostView:
    """Return the complete trials with their cost, the Pareto front marked."""
    with_price = [(t, price) for t in scored(record) if (price := _price(t, cost)) is not None]
    front = pareto([(price, score_of(record.measure, t)) for t, price in with_price])
    best, base = winner_trial(record), baseline_trial(record)
    roles = {t.number: "best" for t in (best,) if t} | {t.number: "baseline" for t in (base,) if t}
    priced = [
        Priced(t.number, price, value_of(t), roles.get(t.number, "trial"), on_front)
        for (t, price), on_front in zip(with_price, front, strict=True)
    ]
    kept = thin(priced, SHOWN, lambda p: p.front or p.role != "trial")
    return CostView(tuple(kept), len(priced) - len(kept))


def _price(trial: TrialRecord, cost: Cost) -> float | None:
    if cost == "seconds":
        return trial.seconds
    return None if trial.parameter_count is None else float(trial.parameter_count)


def pareto(points: list[tuple[float, float]]) -> list[bool]:
    """Mark the points (cost, accuracy) for which no other is at most as expensive and better."""
    order = sorted(range(len(points)), key=lambda i: (points[i][0], -points[i][1]))
    marks = [False] * len(points)
    highest = float("-inf")
    for i in order:
        if points[i][1] > highest:
            marks[i], highest = True, points[i][1]
    return marks
