"""Learning curves, thinned to what an eye can follow."""

from dataclasses import dataclass

from reports.record import StudyRecord
from reports.trials import baseline_trial, counted, epoch_value, score_of, winner_trial
from reports.views.thinning import thin

SHOWN = 120
ALWAYS = 10


@dataclass(frozen=True)
class Curve:
    """One trial's validation measure and loss by epoch, from epoch 1; None where not measured."""

    number: int
    role: str
    values: tuple[float | None, ...]
    loss: tuple[float | None, ...]


@dataclass(frozen=True)
class Curves:
    """Curves in order of their numbers, and how many were left out."""

    curves: tuple[Curve, ...]
    left_out: int


def curves_view(record: StudyRecord) -> Curves:
    """Return the curves of the best ten, the baseline, and an even share of the rest."""
    measured = [t for t in counted(record) if any(epoch_value(e) is not None for e in t.curve)]
    best, base = winner_trial(record), baseline_trial(record)
    roles = {t.number: "baseline" for t in (base,) if t} | {t.number: "best" for t in (best,) if t}
    ranked = sorted(measured, key=lambda t: (-score_of(record.measure, t), t.number))
    always = {t.number for t in ranked[:ALWAYS]} | set(roles)
    kept = thin(measured, SHOWN, lambda t: t.number in always)
    curves = tuple(
        Curve(
            t.number,
            roles.get(t.number, t.state),
            tuple(epoch_value(e) for e in t.curve),
            tuple(e.validation_loss for e in t.curve),
        )
        for t in kept
    )
    return Curves(curves, len(measured) - len(kept))
