"""Learning curves."""

from collections.abc import Sequence

from reports.figures.base import TRIALS, Figure, Layout, Trace, accuracy_axis, axis, counting_axis
from reports.views.curves import Curve

_LOOKS = (
    ("failed", "failed", "$bad", 1.0, "dot", 0.7),
    ("pruned", "pruned", "$trial", 1.0, "dot", 0.55),
    ("complete", "complete", "$trial", 1.2, "solid", 0.5),
    ("running", "running", "$accent", 1.2, "dot", 0.7),
    ("baseline", "baseline", "$baseline", 3.0, "dash", 1.0),
    ("best", "best", "$accent", 3.0, "solid", 1.0),
)


def curves_figure(curves: tuple[Curve, ...], quantity: str, title: str) -> Figure:
    """Draw accuracy or loss ("accuracy", "loss") by epoch; trials of a kind share a trace."""
    traces: list[Trace] = []
    for role, name, colour, width, dash, opacity in _LOOKS:
        chosen = [c for c in curves if c.role == role]
        if chosen:
            label = f"{name} (trial {chosen[0].number})" if role in {"baseline", "best"} else name
            style = {"color": colour, "width": width, "dash": dash}
            traces.append(
                _joined(chosen, quantity) | {"name": label, "line": style} | _pale(opacity)
            )
    ends = [c for c in curves if c.role == "pruned"]
    if ends:
        traces.append(_ends(ends, quantity))
    longest = max((len(c.accuracy) for c in curves), default=1)
    values = sorted(v for c in curves for v in _values(c, quantity) if v is not None)
    vertical = accuracy_axis(title) if quantity == "accuracy" else axis(title)
    if values:
        vertical["range"] = _range(values, quantity)
    layout: Layout = {
        "xaxis": counting_axis("epoch", longest, range=[0.8, longest + 0.2]),
        "yaxis": vertical,
    }
    return Figure(tuple(traces), layout, height=400)


def _values(curve: Curve, quantity: str) -> tuple[float | None, ...]:
    return curve.accuracy if quantity == "accuracy" else curve.loss


def _joined(curves: list[Curve], quantity: str) -> Trace:
    # One trace for many curves: an empty point ends each.
    x: list[int | None] = []
    y: list[float | None] = []
    numbers: list[int | None] = []
    for curve in curves:
        values = _values(curve, quantity)
        x += [*range(1, len(values) + 1), None]
        y += [*values, None]
        numbers += [*([curve.number] * len(values)), None]
    form = ".2%" if quantity == "accuracy" else ".4f"
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


def _ends(curves: list[Curve], quantity: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [len(_values(c, quantity)) for c in curves],
        "y": [_values(c, quantity)[-1] for c in curves],
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


def _range(values: Sequence[float], quantity: str) -> list[float]:
    """Leave the slow first epochs outside: the upper nine tenths of all points."""
    cut = len(values) // 10
    low, high = (
        (values[cut], values[-1]) if quantity == "accuracy" else (values[0], values[-1 - cut])
    )
    pad = 0.05 * (high - low) or 0.001
    return [low - pad, high + pad]
