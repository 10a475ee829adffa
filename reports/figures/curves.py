"""Learning curves."""

from collections.abc import Sequence

from reports.figures.base import (
    TRIALS,
    Figure,
    Layout,
    Trace,
    axis,
    counting_axis,
    hover_format,
    measure_axis,
)
from reports.views.curves import Curve
from search_spaces.measures import MEASURES, MeasureName

_LOOKS = (
    ("failed", "failed", "$bad", 1.0, "dot", 0.7),
    ("pruned", "pruned", "$trial", 1.0, "dot", 0.55),
    ("complete", "complete", "$trial", 1.2, "solid", 0.5),
    ("running", "running", "$accent", 1.2, "dot", 0.7),
    ("baseline", "baseline", "$baseline", 3.0, "dash", 1.0),
    ("best", "best", "$accent", 3.0, "solid", 1.0),
)


def curves_figure(curves: tuple[Curve, ...], measure: MeasureName | None, title: str) -> Figure:
    """Draw a study's measure by epoch, without one the loss; trials of a kind share a trace."""
    traces: list[Trace] = []
    for role, name, colour, width, dash, opacity in _LOOKS:
        chosen = [c for c in curves if c.role == role]
        if chosen:
            label = f"{name} (trial {chosen[0].number})" if role in {"baseline", "best"} else name
            style = {"color": colour, "width": width, "dash": dash}
            traces.append(
                _joined(chosen, measure) | {"name": label, "line": style} | _pale(opacity)
            )
    ends = [c for c in curves if c.role == "pruned"]
    if ends:
        traces.append(_ends(ends, measure))
    longest = max((len(c.values) for c in curves), default=1)
    values = sorted(v for c in curves for v in _values(c, measure) if v is not None)
    vertical = axis(title) if measure is None else measure_axis(measure, title)
    if values:
        vertical["range"] = _range(values, measure)
    layout: Layout = {
        "xaxis": counting_axis("epoch", longest, range=[0.8, longest + 0.2]),
        "yaxis": vertical,
    }
    return Figure(tuple(traces), layout, height=400)


def _values(curve: Curve, measure: MeasureName | None) -> tuple[float | None, ...]:
    return curve.loss if measure is None else curve.values


def _joined(curves: list[Curve], measure: MeasureName | None) -> Trace:
    # One trace for many curves: an empty point ends each.
    x: list[int | None] = []
    y: list[float | None] = []
    numbers: list[int | None] = []
    for curve in curves:
        values = _values(curve, measure)
        x += [*range(1, len(values) + 1), None]
        y += [*values, None]
        numbers += [*([curve.number] * len(values)), None]
    form = ".4f" if measure is None else hover_format(measure)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "meta": TRIALS,
        "customdata": numbers,
        "hovertemplate": f"trial %{{customdata}}, epoch %{{x}}"
        f"<br>%{{yaxis.title.text}}: %{{y:{form}}}<extra></extra>",
    }


def _ends(curves: list[Curve], measure: MeasureName | None) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [len(_values(c, measure)) for c in curves],
        "y": [_values(c, measure)[-1] for c in curves],
        "meta": TRIALS,
        "customdata": [c.number for c in curves],
        "marker": {
            "color": "$trial",
            "symbol": "x-thin-open",
            "size": 7,
            "line": {"width": 1.5, "color": "$trial"},
        },
        "name": "pruned here",
        "hoverinfo": "skip",
    }


def _pale(opacity: float) -> Trace:
    return {"opacity": opacity}


def _range(values: Sequence[float], measure: MeasureName | None) -> list[float]:
    """Leave the slow first epochs outside: the better nine tenths of all points."""
    cut = len(values) // 10
    is_rising = measure is not None and MEASURES[measure].direction == "maximize"
    low, high = (values[cut], values[-1]) if is_rising else (values[0], values[-1 - cut])
    pad = 0.05 * (high - low) or 0.001
    return [low - pad, high + pad]
