"""The empirical distribution (EDF) of the trials' values as steps."""

from collections.abc import Sequence

from reports.colours import DASHES, LINES
from reports.figures.base import Figure, Layout, Trace, axis, hover_format, measure_axis, shown
from reports.views.distribution import distribution
from search_spaces.measures import MEASURES, MeasureName


def distribution_figure(
    groups: Sequence[tuple[str, Sequence[float]]],
    measure: MeasureName,
    title: str,
    levels: Sequence[tuple[str, float, str, str]] = (),
) -> Figure:
    """Draw one line of steps for each named group, and upright lines: name, place, colour, dash.

    The first view leaves out the worst tenth of all values.
    """
    traces = [
        _steps(name, values, hover_format(measure), LINES[i % len(LINES)], DASHES[i % len(DASHES)])
        for i, (name, values) in enumerate(groups)
        if values
    ]
    traces += [_upright(*level, hover_format(measure)) for level in levels]
    turned = MEASURES[measure].oriented
    scores = sorted(turned(value) for _, group in groups for value in group)
    seen = [*map(turned, scores[len(scores) // 10 :]), *(place for _, place, _, _ in levels)]
    low, high = min(seen), max(seen)
    pad = 0.04 * (high - low) or 0.001
    layout: Layout = {
        "xaxis": measure_axis(measure, title, range=[low - pad, high + pad]),
        "yaxis": axis("share of the trials", tickformat=".0%", range=[0, 1.02]),
    }
    return Figure(tuple(traces), layout, height=400)


def _steps(name: str, values: Sequence[float], hover: str, colour: str, dash: str) -> Trace:
    points = distribution(values)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": shown(name),
        "x": [points[0][0], *(x for x, _ in points)],
        "y": [0.0, *(y for _, y in points)],
        "line": {"color": colour, "dash": dash, "width": 2.5, "shape": "hv"},
        "hovertemplate": f"%{{y:.0%}} of the trials reached at most %{{x:{hover}}}<extra></extra>",
    }


def _upright(name: str, place: float, colour: str, dash: str, hover: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": shown(name),
        "x": [place, place],
        "y": [0, 1],
        "line": {"color": colour, "dash": dash, "width": 1.8},
        "hovertemplate": f"%{{x:{hover}}}<extra></extra>",
    }
