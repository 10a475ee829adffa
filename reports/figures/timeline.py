"""The workers' timeline."""

from reports.figures.base import TRIALS, Figure, Layout, Trace, axis, shortened
from reports.views.timeline import Bar, Timeline

_LOOKS = {
    "complete": ("$accent", ""),
    "pruned": ("$faint", "/"),
    "failed": ("$bad", "x"),
    "lost": ("$luck-soft", "-"),
    "running": ("$accent-soft", "."),
}


def timeline_figure(view: Timeline) -> Figure:
    """Draw one bar a trial on its worker's row; each state has a colour and a pattern."""
    minutes = view.span > 600
    unit = 60.0 if minutes else 1.0
    places = {worker: i for i, worker in enumerate(view.workers)}
    traces: list[Trace] = []
    for state, (colour, pattern) in _LOOKS.items():
        chosen = [bar for bar in view.bars if bar.state == state]
        if chosen:
            traces.append(_bars(chosen, places, unit, state, colour, pattern))
    layout: Layout = {
        "barmode": "overlay",
        "bargap": 0.25,
        "xaxis": axis("minutes of the search" if minutes else "seconds of the search"),
        "yaxis": {
            "tickvals": list(places.values()),
            "ticktext": [shortened(worker, 24) for worker in view.workers],
            "autorange": "reversed",
            "showgrid": False,
            "fixedrange": True,
        },
    }
    return Figure(tuple(traces), layout, height=min(640, 100 + 34 * len(view.workers)))


def _bars(
    chosen: list[Bar], places: dict[str, int], unit: float, name: str, colour: str, pattern: str
) -> Trace:
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "base": [bar.start / unit for bar in chosen],
        "x": [bar.seconds / unit for bar in chosen],
        "y": [places[bar.worker] for bar in chosen],
        "meta": TRIALS,
        "customdata": [[bar.number, bar.seconds] for bar in chosen],
        "marker": {
            "color": colour,
            "line": {"width": 1, "color": "$card"},
            "pattern": {
                "shape": pattern,
                "size": 6,
                "solidity": 0.2,
                "bgcolor": colour,
                "fgcolor": "$text",
            },
        },
        "hovertemplate": "trial %{customdata[0]}, %{customdata[1]:.1f} s<extra></extra>",
    }
