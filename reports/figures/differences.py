"""The answers' intervals on one axis of differences."""

from reports.figures.base import Figure, Layout, Trace, axis, shown
from reports.views.differences import Difference

_COLOURS = {"BEATS": "$good", "DOES NOT BEAT": "$bad", "CAN'T TELL": "$open"}
_SYMBOLS = {"BEATS": "triangle-right", "DOES NOT BEAT": "triangle-left", "CAN'T TELL": "circle"}
# Room for the text in a small figure: pixels a row, and above and below.
_ROW, _ENDS = 44, 64


def differences_figure(rows: tuple[Difference, ...], margin: float) -> Figure:
    """Draw each answer's difference with its interval, in points; zero and margin as lines."""
    places = range(len(rows), 0, -1)
    layout: Layout = {
        "xaxis": axis("winner minus the other, points of test accuracy", zeroline=False),
        "yaxis": {
            "range": [0.5, len(rows) + 0.7],
            "showgrid": False,
            "showticklabels": False,
            "zeroline": False,
            "fixedrange": True,
        },
        "margin": {"l": 12, "t": 8},
        "annotations": [_label(row, place) for row, place in zip(rows, places, strict=True)],
        "shapes": [_upright(0.0, "solid"), *([_upright(margin, "dot")] if margin else [])],
    }
    traces = tuple(_trace(row, place) for row, place in zip(rows, places, strict=True))
    return Figure(traces, layout, height=_ENDS + _ROW * len(rows))


def _trace(row: Difference, place: int) -> Trace:
    level = f"{100 * row.level:.4g} %"
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": shown(row.against),
        "x": [100 * row.low, 100 * row.difference, 100 * row.high],
        "y": [place] * 3,
        "line": {"color": _COLOURS[row.answer], "width": 3},
        "marker": {
            "color": _COLOURS[row.answer],
            "symbol": ["line-ns", _SYMBOLS[row.answer], "line-ns"],
            "size": [10, 12, 10],
            "line": {"width": 2, "color": _COLOURS[row.answer]},
        },
        "customdata": [f"lower end of the {level} interval", "difference", f"upper end ({level})"],
        "hovertemplate": f"%{{x:+.2f}} points, %{{customdata}}, n = {row.n:,}, "
        f"{row.seeds} seeds<extra></extra>",
    }


def _label(row: Difference, place: int) -> Layout:
    return {
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "y": place + 0.2,
        "yanchor": "bottom",
        "showarrow": False,
        "align": "left",
        "text": f"{shown(row.against)}: <b>{shown(row.answer)}</b>",
        "font": {"size": 12, "color": "$text"},
    }


def _upright(x: float, dash: str) -> Layout:
    return {
        "type": "line",
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "x0": 100 * x,
        "x1": 100 * x,
        "line": {"color": "$muted", "width": 1, "dash": dash},
        "layer": "below",
    }
