"""A figure as a picture file: with its title and its legend, which on the page stand beside it."""

import math
import textwrap

from reports.figures.base import BASE_LAYOUT, Figure, Layout, Trace, shown

WIDTH = 960
_LINE = 20  # pixels: the height of a line of the title and of the legend


def picture_layout(figure: Figure, title: str) -> Layout:
    """Return what a picture's layout has beside or instead of the figure's own.

    Title and legend stand in a margin of their own, above whatever the figure has at its top.
    """
    lines = textwrap.wrap(title, 120)
    names = [str(trace["name"]) for trace in figure.data if _listed(trace)]
    listed = len(names) > 1
    above = 14 + _LINE * len(lines) + (10 + _LINE * _rows(names) if listed else 0)
    height = figure.height + above
    margin = {**BASE_LAYOUT["margin"], **figure.layout.get("margin", {})}
    return {
        "width": WIDTH,
        "height": height,
        "autosize": False,
        "paper_bgcolor": "$card",
        "title": {
            "text": "<br>".join(shown(line) for line in lines),
            "font": {"size": 15, "color": "$text"},
            "x": 0,
            "xanchor": "left",
            "y": 1,
            "yanchor": "top",
            "yref": "container",
            # plotly moves a title of several lines up by half a line for each.
            "pad": {"t": 14 + _LINE // 2 * (len(lines) - 1), "l": 16},
        },
        "showlegend": listed,
        "legend": {
            "orientation": "h",
            "x": 0.01,
            "xref": "container",
            "y": 1 - (18 + _LINE * len(lines)) / height,
            "yref": "container",
            "yanchor": "top",
            "traceorder": "normal",
        },
        "margin": {**margin, "r": max(24, margin["r"]), "t": margin["t"] + above},
    }


def _listed(trace: Trace) -> bool:
    return "name" in trace and trace.get("showlegend", True)


def _rows(names: list[str]) -> int:
    # plotly gives every name the widest one's room as soon as they need more than one row.
    widths = [48 + 7 * len(name) for name in names]
    if not widths or sum(widths) <= WIDTH - 40:
        return 1
    return math.ceil(len(names) / max(1, (WIDTH - 40) // max(widths)))
