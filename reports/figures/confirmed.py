"""Figures on what confirmation and importance found: intervals, and the confusion matrix."""

from dataclasses import dataclass

from reports.colours import SEQUENCE
from reports.figures.base import Figure, Layout, Trace, axis, shortened
from reports.views.confirmed import Confusion


@dataclass(frozen=True)
class Estimate:
    """A named value with an interval; `weak` ones are drawn open."""

    name: str
    value: float
    low: float | None
    high: float | None
    weak: bool = False


def estimates_figure(
    estimates: tuple[Estimate, ...], title: str, form: str, weak_name: str, strong_name: str
) -> Figure:
    """Draw values with their intervals, one a row, a line at zero."""
    names = [e.name for e in estimates]
    traces = [
        _estimates([e for e in estimates if e.weak == weak], names, form, name, weak)
        for weak, name in ((False, strong_name), (True, weak_name))
        if any(e.weak == weak for e in estimates)
    ]
    layout: Layout = {
        "xaxis": axis(title, tickformat=form, zerolinewidth=1.5),
        "yaxis": {
            "tickvals": list(range(len(names))),
            "ticktext": [shortened(name, 40) for name in names],
            "range": [len(names) - 0.4, -0.6],
            "fixedrange": True,
            "zeroline": False,
            "tickfont": {"color": "$text"},
        },
    }
    return Figure(tuple(traces), layout, height=min(1200, 90 + 34 * len(names)))


def _estimates(chosen: list[Estimate], names: list[str], form: str, name: str, weak: bool) -> Trace:
    colour = "$trial" if weak else "$accent"
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [e.value for e in chosen],
        "y": [names.index(e.name) for e in chosen],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [(e.high - e.value) if e.high is not None else 0 for e in chosen],
            "arrayminus": [(e.value - e.low) if e.low is not None else 0 for e in chosen],
            "color": colour,
            "thickness": 2,
            "width": 5,
        },
        "marker": {
            "color": colour,
            "size": 11,
            "symbol": "circle-open" if weak else "circle",
            "line": {"width": 2, "color": colour},
        },
        "hovertemplate": f"%{{x:{form}}}<extra></extra>",
    }


def confusion_figure(view: Confusion) -> Figure:
    """Draw the mistakes as colour; the diagonal, which would be far brighter, is left blank."""
    total = len(view.classes)
    mistakes = [
        [None if i == j else number for j, number in enumerate(row)]
        for i, row in enumerate(view.counts)
    ]
    trace: Trace = {
        "type": "heatmap",
        "z": mistakes,
        "colorscale": [list(step) for step in SEQUENCE],
        "xgap": 2,
        "ygap": 2,
        "showscale": False,
        "hovertemplate": "true class %{y}, predicted %{x}: %{z}<extra></extra>",
    }
    if total <= 20:
        trace |= {
            "text": [
                ["" if i == j else str(number) for j, number in enumerate(row)]
                for i, row in enumerate(view.counts)
            ],
            "texttemplate": "%{text}",
        }
    ticks = {
        "tickvals": list(range(total)),
        "ticktext": [shortened(name, 12) for name in view.classes],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }
    layout: Layout = {
        "xaxis": axis("predicted class", **ticks),
        "yaxis": axis("true class", autorange="reversed", **ticks),
    }
    return Figure((trace, _diagonal(view)), layout, height=460, min_width=34 * total)


def _diagonal(view: Confusion) -> Trace:
    """Write the correct predictions, for which plotly would choose one colour, light or dark."""
    total = len(view.classes)
    return {
        "type": "scatter",
        "mode": "text" if total <= 20 else "none",
        "x": list(range(total)),
        "y": list(range(total)),
        "text": [str(view.counts[i][i]) for i in range(total)],
        "textfont": {"color": "$text"},
        "hovertemplate": "true class %{y}: %{text} correct<extra></extra>",
        "showlegend": False,
    }
