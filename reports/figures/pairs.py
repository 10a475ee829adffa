"""Two parameters, and what a study measures as colour."""

from typing import Any

from reports.colours import SEQUENCE
from reports.figures.base import TRIALS, Figure, Layout, Trace, hover_format, shown
from reports.figures.slices import parameter_axis
from reports.numbers import scalar
from reports.views.pairs import Pair, Spot
from reports.views.scale import Scale
from search_spaces.measures import MEASURES, MeasureName
from search_spaces.parameters import Scalar

_LOOKS = {
    "trial": ("trial", "$card", "circle", 7),
    "baseline": ("baseline", "$baseline", "square", 12),
    "best": ("best", "$accent", "diamond", 14),
}


def pair_figure(pair: Pair, measure: MeasureName) -> Figure:
    """Draw smoothed values as colour with the trials on top."""
    flat = [v for row in pair.grid for v in row if v is not None]
    traces: list[Trace] = [_surface(pair, measure, min(flat), max(flat))] if flat else []
    for role in _LOOKS:
        chosen = [s for s in pair.spots if s.role == role]
        if chosen:
            traces.append(_spots(pair, measure, chosen, role))
    layout: Layout = {"xaxis": parameter_axis(pair.x), "yaxis": parameter_axis(pair.y)}
    layout["xaxis"]["showgrid"] = layout["yaxis"]["showgrid"] = False
    return Figure(tuple(traces), layout, height=440)


def _surface(pair: Pair, measure: MeasureName, low: float, high: float) -> Trace:
    own = MEASURES[measure]
    colours = [list(step) for step in SEQUENCE]
    if own.direction == "minimize":
        # The best values have one colour, whatever is better.
        colours = [[1 - place, colour] for place, colour in reversed(SEQUENCE)]
    kind = "heatmap" if pair.x.choices or pair.y.choices else "contour"
    return {
        "type": kind,
        "x": [_on_axis(pair.x, place) for place in pair.places[0]],
        "y": [_on_axis(pair.y, place) for place in pair.places[1]],
        "z": [list(row) for row in pair.grid],
        "zmin": low,
        "zmax": high if high > low else low + 1e-4,
        "colorscale": colours,
        "colorbar": {
            **({"tickformat": ".1%"} if own.unit == "fraction" else {}),
            "thickness": 10,
            "outlinewidth": 0,
            "title": {"text": f"validation<br>{own.title}"},
        },
        "hoverinfo": "skip",
    } | ({"line": {"width": 0.5, "color": "$card"}, "ncontours": 12} if kind == "contour" else {})


def _on_axis(scale: Scale, place: float) -> float:
    return place * len(scale.choices) - 0.5 if scale.choices else scale.value(place)


def _spots(pair: Pair, measure: MeasureName, spots: list[Spot], role: str) -> Trace:
    name, colour, symbol, size = _LOOKS[role]
    label = f"{name} (trial {spots[0].number})" if role != "trial" else name
    return {
        "type": "scatter",
        "mode": "markers",
        "name": label,
        "x": [_value(pair.x, s.x) for s in spots],
        "y": [_value(pair.y, s.y) for s in spots],
        "meta": TRIALS,
        "customdata": [[s.number, s.value, shown(scalar(s.x)), shown(scalar(s.y))] for s in spots],
        "marker": {
            "color": colour,
            "symbol": symbol,
            "size": size,
            "line": {
                "width": 1.5 if role == "trial" else 2,
                "color": "$text" if role == "trial" else "$card",
            },
        },
        "hovertemplate": "trial %{customdata[0]}<br>%{xaxis.title.text}: %{customdata[2]}"
        "<br>%{yaxis.title.text}: %{customdata[3]}"
        f"<br>validation {MEASURES[measure].title}: "
        f"%{{customdata[1]:{hover_format(measure)}}}<extra></extra>",
    }


def _value(scale: Scale, value: Scalar) -> Any:
    place = scale.place(value)
    return value if place is None or not scale.choices else place * len(scale.choices) - 0.5
