"""What a study measures against cost, with the Pareto front."""

from reports.figures.base import TRIALS, Figure, Trace, hover_format, log_axis, measure_axis
from reports.views.cost import CostView, Priced
from search_spaces.measures import MEASURES, MeasureName

_LOOKS = {
    "trial": ("complete trial", "$trial", "circle", 7, 0.6),
    "baseline": ("baseline", "$baseline", "square", 12, 1.0),
    "best": ("best", "$accent", "diamond", 14, 1.0),
}


def cost_figure(view: CostView, measure: MeasureName, cost_title: str, title: str) -> Figure:
    """Draw trials by cost on a log axis, and the front as a staircase."""
    front = sorted((p for p in view.trials if p.front), key=lambda p: p.cost)
    traces: list[Trace] = [_front(front, max((p.cost for p in view.trials), default=1.0))]
    for role, (name, colour, symbol, size, opacity) in _LOOKS.items():
        chosen = [p for p in view.trials if p.role == role]
        if chosen:
            marker = {"color": colour, "symbol": symbol, "size": size, "opacity": opacity}
            label = f"{name} (trial {chosen[0].number})" if role != "trial" else name
            traces.append(_dots(chosen, hover_format(measure)) | {"name": label, "marker": marker})
    turned = MEASURES[measure].oriented
    scores = sorted(turned(p.value) for p in view.trials)
    low, high = scores[len(scores) // 6], scores[-1]
    pad = 0.06 * (high - low) or 0.001
    low = min(low, *(turned(p.value) for p in view.trials if p.role == "baseline"), high)
    ends = sorted((turned(low - pad), turned(high + pad)))
    vertical = measure_axis(measure, title, range=ends)
    costs = [p.cost for p in view.trials if p.cost > 0] or [1.0]
    horizontal = log_axis(f"{cost_title} (log)", min(costs) / 1.3, max(costs) * 1.3)
    return Figure(tuple(traces), {"xaxis": horizontal, "yaxis": vertical}, height=400)


def _dots(chosen: list[Priced], hover: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [p.cost for p in chosen],
        "y": [p.value for p in chosen],
        "meta": TRIALS,
        "customdata": [p.number for p in chosen],
        "hovertemplate": "trial %{customdata}<br>%{xaxis.title.text}: %{x:,.6~r}"
        f"<br>%{{yaxis.title.text}}: %{{y:{hover}}}<extra></extra>",
    }


def _front(front: list[Priced], last: float) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "Pareto front",
        "x": [p.cost for p in front] + [last],
        "y": [p.value for p in front] + [p.value for p in front[-1:]],
        "line": {"color": "$good", "width": 2, "shape": "hv", "dash": "longdash"},
        "hoverinfo": "skip",
    }
