"""The strip plot of seeds."""

from reports.figures.base import Figure, Layout, Trace, hover_format, measure_axis, shown
from reports.views.strip import Row
from search_spaces.measures import MEASURES, MeasureName

_LOOKS = {
    "winner": ("$accent", "circle"),
    "baseline": ("$baseline", "square"),
    "published": ("$published", "diamond"),
    "other": ("$trial", "circle-open"),
}


def strip_figure(rows: tuple[Row, ...], measure: MeasureName) -> Figure:
    """Draw each candidate's runs on a line of its own, its mean as an upright stroke."""
    places = {row.name: len(rows) - i for i, row in enumerate(rows)}
    traces: list[Trace] = []
    for row in rows:
        traces += _row(row, places[row.name], hover_format(measure))
    measured = sorted({f"{row.split}, n = {row.n:,}" for row in rows})
    layout: Layout = {
        "xaxis": measure_axis(measure, f"{MEASURES[measure].title} ({' or '.join(measured)})"),
        "yaxis": {
            "range": [0.4, len(rows) + 0.75],
            "showgrid": False,
            "showticklabels": False,
            "zeroline": False,
            "fixedrange": True,
        },
        "margin": {"l": 12},
        "annotations": [_label(row, places[row.name], len(measured) > 1) for row in rows],
        "shapes": [_band(row) for row in rows if row.kind == "published"],
    }
    return Figure(tuple(traces), layout, height=80 + 66 * len(rows))


def _row(row: Row, place: int, form: str) -> list[Trace]:
    traces: list[Trace] = []
    if row.low is not None and row.high is not None:
        dashed = {"width": 2, "dash": _dash(row)}
        hover = f"95 % interval of one run, %{{x:{form}}}"
        traces.append(_line(row, (row.low, row.high), (place, place), dashed, hover))
    traces.append(_runs(row, place, form))
    if len(row.runs) > 1 and row.kind != "other":
        across = (place - 0.24, place + 0.24)
        mean = f"mean %{{x:{form}}}"
        traces.append(_line(row, (row.mean, row.mean), across, {"width": 3}, mean))
    return traces


def _line(
    row: Row,
    x: tuple[float | None, float | None],
    y: tuple[float, float],
    line: dict[str, object],
    hover: str,
) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(x),
        "y": list(y),
        "line": {"color": _LOOKS[row.kind][0], **line},
        "hovertemplate": f"{hover}<extra></extra>",
    }


def _runs(row: Row, place: int, form: str) -> Trace:
    colour, symbol = _LOOKS[row.kind]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [run.value for run in row.runs],
        "y": [place + offset for offset in _spread(len(row.runs))],
        "customdata": [
            "seed unknown" if run.seed is None else f"seed {run.seed}" for run in row.runs
        ],
        "marker": {
            "color": colour,
            "symbol": symbol,
            "size": 11 if len(row.runs) < 30 else 6,
            "opacity": 0.8 if row.kind != "other" else 0.6,
            "line": {"width": 1, "color": colour},
        },
        "hovertemplate": f"%{{x:{form}}}, %{{customdata}}<extra></extra>",
    }


def _spread(count: int) -> list[float]:
    """Return small fixed offsets so that equal accuracies do not hide each other."""
    return [((i * 5) % 9 - 4) * 0.03 if count > 1 else 0.0 for i in range(count)]


def _label(row: Row, place: int, apart: bool) -> Layout:
    # Where all rows are measured alike the axis says it; else each row must.
    measured_on = f"  {shown(row.split)}, n = {row.n:,}" if apart else ""
    return {
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "y": place + 0.26,
        "yanchor": "bottom",
        "showarrow": False,
        "align": "left",
        "text": f"<b>{shown(row.name)}</b>{measured_on}",
        "font": {"size": 12, "color": "$text"},
    }


def _dash(row: Row) -> str:
    return "dot" if row.kind == "published" else "solid"


def _band(row: Row) -> Layout:
    return {
        "type": "rect",
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "x0": row.low,
        "x1": row.high,
        "fillcolor": "$published-soft",
        "line": {"width": 0},
        "layer": "below",
    }
