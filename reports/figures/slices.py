"""One parameter against what the study measures."""

from typing import Any

from reports.figures.base import (
    TRIALS,
    Figure,
    Layout,
    Trace,
    axis,
    hover_format,
    log_axis,
    measure_axis,
    shortened,
    shown,
)
from reports.numbers import scalar
from reports.views.scale import Scale
from reports.views.slices import Dot, Slice
from search_spaces.measures import MeasureName


def slice_figure(
    view: Slice, measure: MeasureName, shared: tuple[float, float], title: str
) -> Figure:
    """Draw the measure by the parameter's value; `shared` is the y range of all slices."""
    hover = hover_format(measure)
    plain = [d for d in view.dots if d not in (view.baseline, view.best)]
    traces: list[Trace] = [
        _dots(view.scale, plain, hover, "complete trial", "$trial", "circle", 6, 0.55)
    ]
    if view.baseline:
        dots = [view.baseline]
        traces.append(_dots(view.scale, dots, hover, "baseline", "$baseline", "square", 11, 1.0))
    if view.best and view.best != view.baseline:
        traces.append(_dots(view.scale, [view.best], hover, "best", "$accent", "diamond", 13, 1.0))
    layout: Layout = {
        "xaxis": parameter_axis(view.scale),
        "yaxis": measure_axis(measure, title, range=list(shared), nticks=6),
        "margin": {"l": 56, "r": 8, "t": 8, "b": 44},
    }
    return Figure(tuple(traces), layout, height=250)


def parameter_axis(scale: Scale) -> Layout:
    """Return a parameter's axis: log where the space is log, categories for choices."""
    if scale.choices:
        return axis(
            scale.name,
            tickvals=list(range(len(scale.choices))),
            ticktext=[shortened(scalar(choice), 18) for choice in scale.choices],
            range=[-0.6, len(scale.choices) - 0.4],
            zeroline=False,
        )
    if scale.log:
        return log_axis(f"{scale.name} (log)", scale.low, scale.high)
    pad = 0.04 * (scale.high - scale.low) or 0.5
    return axis(scale.name, nticks=6, range=[scale.low - pad, scale.high + pad])


def parameter_value(scale: Scale, dot: Dot) -> Any:
    """Return a dot's value on the axis of `parameter_axis`."""
    if not scale.choices:
        return dot.value
    place = scale.place(dot.value)
    return None if place is None else place * len(scale.choices) - 0.5


def _dots(
    scale: Scale,
    dots: list[Dot],
    hover: str,
    name: str,
    colour: str,
    symbol: str,
    size: int,
    opacity: float,
) -> Trace:
    sideways = [0.0] * len(dots)
    if scale.choices and len(dots) > 1:
        sideways = [((d.number * 7) % 11 - 5) * 0.04 for d in dots]
    values = [parameter_value(scale, d) for d in dots]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [v + s if s else v for v, s in zip(values, sideways, strict=True)],
        "y": [d.reached for d in dots],
        "meta": TRIALS,
        "customdata": [[d.number, shown(scalar(d.value))] for d in dots],
        "marker": {"color": colour, "symbol": symbol, "size": size, "opacity": opacity},
        "hovertemplate": "trial %{customdata[0]}<br>%{xaxis.title.text}: %{customdata[1]}"
        f"<br>%{{yaxis.title.text}}: %{{y:{hover}}}<extra></extra>",
    }
