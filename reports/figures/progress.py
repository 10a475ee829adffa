"""The search's progress: trials, best so far, both baselines, and the luck envelope."""

from reports.figures.base import (
    TRIALS,
    Figure,
    Layout,
    Trace,
    counting_axis,
    hover_format,
    line,
    measure_axis,
)
from reports.views.progress import Level, Luck, Point, Progress
from search_spaces.measures import MEASURES

_MARKS = (
    ("complete", "complete", "$trial", "circle", 7, 0.85),
    ("pruned", "pruned (last value)", "$trial", "x-thin-open", 7, 0.6),
    ("failed", "failed (last value)", "$bad", "triangle-down", 8, 0.9),
    ("running", "running", "$accent", "circle-open", 8, 0.9),
)


def progress_figure(view: Progress, title: str) -> Figure:
    """Draw the measure by trial number."""
    last = max((p.number for p in view.points), default=1)
    traces: list[Trace] = [*_luck(view.luck)]
    for state, name, colour, symbol, size, opacity in _MARKS:
        chosen = [p for p in view.points if p.state == state]
        if chosen:
            hover = hover_format(view.measure)
            traces.append(_marks(chosen, name, hover, colour, symbol, size, opacity))
    if view.best:
        traces.append(_best(view.best, last, hover_format(view.measure)))
    if view.own:
        traces.append(line(0, last, view.own.value, "$baseline", "dash", name=view.own.name))
    layout: Layout = {
        "xaxis": counting_axis("trial", last, range=[-0.02 * last - 0.3, 1.02 * last + 0.3]),
        "yaxis": measure_axis(
            view.measure, title, range=list(first_range(view)) if view.points else None
        ),
        "showlegend": True,
    }
    if view.published:
        traces.append(
            line(0, last, view.published.value, "$published", "dot", name=view.published.name)
        )
        layout["shapes"] = [_band(view.published)]
    return Figure(tuple(traces), layout, height=440)


def first_range(view: Progress) -> tuple[float, float]:
    """Return the y range of the first view: the best four fifths of the trials and all lines."""
    turned = MEASURES[view.measure].oriented
    levels = [level for level in (view.own, view.published) if level]
    scores = sorted(turned(p.value) for p in view.points)
    low = min([scores[len(scores) // 5], *(turned(level.value) for level in levels)])
    high = max([scores[-1], *(max(turned(one.low), turned(one.high)) for one in levels)])
    if view.luck:
        high = max(high, turned(view.luck.mean[-1]))
    pad = max(0.08 * (high - low), 0.0005)
    ends = sorted((turned(low - pad), turned(high + pad)))
    is_fraction = MEASURES[view.measure].unit == "fraction"
    return max(0.0, ends[0]), min(1.0, ends[1]) if is_fraction else ends[1]


def _marks(
    chosen: list[Point],
    name: str,
    hover: str,
    colour: str,
    symbol: str,
    size: int,
    opacity: float,
) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [p.number for p in chosen],
        "y": [p.value for p in chosen],
        "meta": TRIALS,
        "customdata": [p.number for p in chosen],
        "marker": {"color": colour, "symbol": symbol, "size": size, "opacity": opacity}
        | ({"line": {"width": 1.5, "color": colour}} if "open" in symbol else {}),
        "hovertemplate": f"trial %{{x}}<br>%{{yaxis.title.text}}: %{{y:{hover}}}<extra></extra>",
    }


def _best(best: tuple[tuple[int, float], ...], last: int, hover: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "best so far",
        "x": [number for number, _ in best] + [last],
        "y": [value for _, value in best] + [best[-1][1]],
        "line": {"color": "$accent", "width": 3, "shape": "hv"},
        "hovertemplate": "best after trial %{x}"
        f"<br>%{{yaxis.title.text}}: %{{y:{hover}}}<extra></extra>",
    }


def _luck(luck: Luck | None) -> list[Trace]:
    if luck is None:
        return []
    # The best of k trials stands at the k-th trial's number, never below the baseline's trial.
    x = [k - 1 for k in luck.trials]
    edge = {"type": "scatter", "mode": "lines", "x": x, "line": {"width": 0}, "hoverinfo": "skip"}
    return [
        {**edge, "y": [luck.mean[0]] * len(x), "showlegend": False, "legendgroup": "luck"},
        {
            **edge,
            "y": list(luck.edge),
            "fill": "tonexty",
            "fillcolor": "$luck-soft",
            "showlegend": False,
            "legendgroup": "luck",
        },
        {
            **edge,
            "y": list(luck.mean),
            "name": "what luck alone would show (95 % band for the whole search)",
            "legendgroup": "luck",
            "line": {"width": 1.5, "color": "$luck", "dash": "dashdot"},
        },
    ]


def _band(level: Level) -> Layout:
    return {
        "type": "rect",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": level.low,
        "y1": level.high,
        "fillcolor": "$published-soft",
        "line": {"width": 0},
        "layer": "below",
    }
