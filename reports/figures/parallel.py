"""Parallel coordinates as plain lines, so that they print, scale and need no WebGL."""

from reports.figures.base import TRIALS, Figure, Layout, Trace, hover_format, shortened, shown
from reports.measure_words import value_words
from reports.views.parallel import Parallel, Path
from search_spaces.measures import MEASURES

_LOOKS = (
    ("$accent", 2.2, 0.95),
    ("$accent", 1.4, 0.55),
    ("$trial", 1.0, 0.4),
    ("$faint", 1.0, 0.5),
)


def parallel_figure(view: Parallel) -> Figure:
    """Draw one line a trial over all axes, the best group last."""
    traces: list[Trace] = []
    for (name, paths), (colour, width, opacity) in zip(view.groups, _LOOKS, strict=True):
        if paths:
            traces.append(_lines(view, paths, f"{name} ({len(paths)})", colour, width, opacity))
    traces.reverse()
    if view.baseline:
        line = _lines(view, (view.baseline,), "baseline", "$baseline", 3.0, 1.0)
        line["line"]["dash"] = "dash"
        traces.append(line)
    total = len(view.scales) + 1
    titles = [*(_title(s.name, s.log) for s in view.scales), MEASURES[view.measure].title]
    layout: Layout = {
        "xaxis": {
            "tickvals": list(range(total)),
            "ticktext": [shown(title) for title in titles],
            "range": [-0.35, total - 0.35],
            "showgrid": False,
            "zeroline": False,
            "side": "top",
            "fixedrange": True,
            "tickfont": {"color": "$text"},
        },
        "yaxis": {"visible": False, "range": [-0.06, 1.06], "fixedrange": True},
        "shapes": [_axis_line(i) for i in range(total)],
        "annotations": [
            _tick(i, place, text)
            for i, scale in enumerate(view.scales)
            for place, text in scale.ticks()
        ]
        + [_tick(total - 1, place, text) for place, text in _value_ticks(view)],
        "margin": {"l": 16, "r": 84, "t": 40, "b": 12},
    }
    wide = 110 * total if total > 3 else 0
    return Figure(tuple(traces), layout, height=400, min_width=wide, axes=total)


def _value_ticks(view: Parallel) -> list[tuple[float, str]]:
    worst, best = view.ends
    beyond = "less" if MEASURES[view.measure].direction == "maximize" else "more"
    texts = [value_words(view.measure, value) for value in (worst, (worst + best) / 2, best)]
    return [(0.0, f"{texts[0]} or {beyond}"), (0.5, texts[1]), (1.0, texts[2])]


def _title(name: str, log: bool) -> str:
    return f"{name} (log)" if log else name


def _lines(
    view: Parallel,
    paths: tuple[Path, ...],
    name: str,
    colour: str,
    width: float,
    opacity: float,
) -> Trace:
    x: list[int | None] = []
    y: list[float | None] = []
    about: list[list[float] | None] = []
    for path in paths:
        places = [*path.places, path.height]
        x += [*range(len(places)), None]
        y += [*places, None]
        about += [*([[path.number, path.value]] * len(places)), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x,
        "y": y,
        "meta": TRIALS,
        "customdata": about,
        "opacity": opacity,
        "line": {"color": colour, "width": width},
        "hovertemplate": "trial %{customdata[0]}"
        f"<br>validation {MEASURES[view.measure].title}: "
        f"%{{customdata[1]:{hover_format(view.measure)}}}<extra></extra>",
    }


def _axis_line(i: int) -> Layout:
    return {
        "type": "line",
        "x0": i,
        "x1": i,
        "y0": 0,
        "y1": 1,
        "line": {"color": "$muted", "width": 1},
        "layer": "above",
    }


def _tick(i: int, place: float, text: str) -> Layout:
    return {
        "x": i,
        "y": place,
        "text": shortened(text, 16),
        "showarrow": False,
        "xanchor": "left",
        "xshift": 4,
        "font": {"size": 11, "color": "$muted"},
        "bgcolor": "$card",
        "opacity": 0.9,
    }
