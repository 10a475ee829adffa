"""The answers' intervals on one axis of differences."""

from reports.figures.base import Figure, Layout, Trace, axis, shown
from reports.measure_words import drawn_differences
from reports.numbers import size_words
from reports.views.differences import Difference
from search_spaces.measures import MeasureName

_COLOURS = {"BEATS": "$good", "DOES NOT BEAT": "$bad", "CAN'T TELL": "$open"}
_SYMBOLS = {"BEATS": "triangle-right", "DOES NOT BEAT": "triangle-left", "CAN'T TELL": "circle"}
# Room for the text in a small figure: pixels a row, and above and below.
_ROW, _ENDS = 44, 64


def differences_figure(rows: tuple[Difference, ...], margin: float) -> Figure:
    """Draw each answer's difference with its interval, and zero and margin as lines."""
    places = range(len(rows), 0, -1)
    measure = rows[0].measure if rows else "accuracy"
    times, axis_title = drawn_differences(measure, "test")
    layout, height = axis_of_differences(f"winner minus the other, {axis_title}", len(rows))
    layout["annotations"] = [
        row_label(row.against, row.answer, place) for row, place in zip(rows, places, strict=True)
    ]
    if margin:
        layout["shapes"].append(_upright(times * margin, "dot"))
    traces = tuple(
        interval_trace(
            row.against,
            (row.low, row.difference, row.high),
            place,
            (_COLOURS[row.answer], _SYMBOLS[row.answer]),
            f"{size_words(row.n, row.groups, weighted_n=row.weighted_n)}, {row.seeds} seeds",
            row.level,
            measure,
        )
        for row, place in zip(rows, places, strict=True)
    )
    return Figure(traces, layout, height=height)


def axis_of_differences(title: str, rows: int) -> tuple[Layout, int]:
    """Return the layout of so many rows over an axis of points with zero on it, and its height."""
    layout: Layout = {
        "xaxis": axis(title, zeroline=False),
        "yaxis": {
            "range": [0.5, rows + 0.7],
            "showgrid": False,
            "showticklabels": False,
            "zeroline": False,
            "fixedrange": True,
        },
        "margin": {"l": 12, "t": 8},
        "shapes": [_upright(0.0, "solid")],
    }
    return layout, _ENDS + _ROW * rows


def interval_trace(
    name: str,
    ends: tuple[float, float, float],
    place: int,
    look: tuple[str, str],
    measured: str,
    level: float,
    measure: MeasureName = "accuracy",
) -> Trace:
    """Draw one interval: low end, difference and high end, colour and symbol."""
    times = drawn_differences(measure, "test")[0]
    form, unit = ("+.2f", " points") if times > 1 else ("+.4f", "")
    colour, symbol = look
    words = f"{100 * level:.4g} %"
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": shown(name),
        "showlegend": False,
        "x": [times * end for end in ends],
        "y": [place] * 3,
        "line": {"color": colour, "width": 3},
        "marker": {
            "color": colour,
            "symbol": ["line-ns", symbol, "line-ns"],
            "size": [10, 12, 10],
            "line": {"width": 2, "color": colour},
        },
        "customdata": [f"lower end of the {words} interval", "difference", f"upper end ({words})"],
        "hovertemplate": f"%{{x:{form}}}{unit}, %{{customdata}}, {measured}<extra></extra>",
    }


def row_label(name: str, answer: str, place: int) -> Layout:
    """Write a row's name and its answer above its interval."""
    return {
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "y": place + 0.2,
        "yanchor": "bottom",
        "showarrow": False,
        "align": "left",
        "text": f"{shown(name)}: <b>{shown(answer)}</b>",
        "font": {"size": 12, "color": "$text"},
    }


def _upright(x: float, dash: str) -> Layout:
    return {
        "type": "line",
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "x0": x,
        "x1": x,
        "line": {"color": "$muted", "width": 1, "dash": dash},
        "layer": "below",
    }
