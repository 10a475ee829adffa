"""The reliability figure: the share of right answers over how sure they were."""

from reports.figures.base import Figure, Layout, Trace, axis
from reports.views.calibration import Curve, ReliabilityView

_LOOKS = (("$trial", "circle-open", "dot"), ("$accent", "circle", "solid"))


def reliability_figure(view: ReliabilityView) -> Figure:
    """Draw both lines with their intervals, and the diagonal on which confidences are true."""
    diagonal: Trace = {
        "type": "scatter",
        "mode": "lines",
        "name": "as sure as right",
        "x": [view.start, 1.0],
        "y": [view.start, 1.0],
        "line": {"color": "$muted", "dash": "dash", "width": 1.5},
        "hoverinfo": "skip",
    }
    lines = (_line(one, *looks) for one, looks in zip(view.curves, _LOOKS, strict=True))
    share = {"tickformat": ".0%", "hoverformat": ".2%", "range": [view.start, 1.01]}
    layout: Layout = {
        "xaxis": axis("mean confidence of the answers", **share),
        "yaxis": axis(f"share that is right ({view.split}, n = {view.n:,})", **share),
    }
    return Figure((diagonal, *lines), layout, height=420)


def _line(curve: Curve, colour: str, symbol: str, dash: str) -> Trace:
    points = curve.points
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": curve.name,
        "x": [one.confidence for one in points],
        "y": [one.accuracy for one in points],
        "customdata": [[one.n, one.low, one.high] for one in points],
        "line": {"color": colour, "dash": dash, "width": 1.5},
        "marker": {"color": colour, "symbol": symbol, "size": 8, "line": {"width": 2}},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [one.high - one.accuracy for one in points],
            "arrayminus": [one.accuracy - one.low for one in points],
            "color": colour,
            "thickness": 1.2,
            "width": 3,
        },
        "hovertemplate": f"{curve.name}<br>sure: %{{x:.2%}}<br>right: %{{y:.2%}} "
        "(95 % interval %{customdata[1]:.2%} to %{customdata[2]:.2%})"
        "<br>%{customdata[0]} answers<extra></extra>",
    }
