"""Reliability figures: how often answers of each confidence are right, before and after."""

from dataclasses import dataclass

from reports.calibration import BeforeAndAfter, Calibration, Reliability, ReliabilityPoint


@dataclass(frozen=True)
class Curve:
    """The points of one line, in the order of their confidence, and their calibration error."""

    name: str
    error: float
    points: tuple[ReliabilityPoint, ...]


@dataclass(frozen=True)
class ReliabilityView:
    """One figure: the split of its n answers, two lines, and where both axes begin."""

    split: str
    n: int
    curves: tuple[Curve, Curve]
    start: float


def reliability_views(calibration: Calibration) -> tuple[ReliabilityView, ...]:
    """Return a view of the test split's answers where they are kept, and of the validation's."""
    found = (("test", calibration.test), ("validation", calibration.validation))
    return tuple(_view(split, both) for split, both in found if both is not None)


def _view(split: str, both: BeforeAndAfter) -> ReliabilityView:
    curves = (_curve("as trained", both.before), _curve("with the temperature", both.after))
    ends = (min(p.confidence, p.low) for curve in curves for p in curve.points)
    lowest = min(ends, default=0.0)
    return ReliabilityView(split, both.n, curves, max(0.0, lowest - 0.05))


def _curve(name: str, found: Reliability) -> Curve:
    return Curve(name, found.error, found.points)
