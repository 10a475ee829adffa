"""What all figures share: the figure value, axes, and names made safe for plotly's own markup."""

import html
import math
from dataclasses import dataclass
from typing import Any

from reports.fold_words import trials_title
from reports.record import StudyRecord
from reports.views.scale import brief, log_ticks
from search_spaces.measures import MEASURES, MeasureName

Trace = dict[str, Any]
Layout = dict[str, Any]
# In the `meta` of a trace: each of its points is a trial, whose number comes first in `customdata`.
TRIALS = "trials"


@dataclass(frozen=True)
class Figure:
    """Traces and layout of one figure; `$word` colours are put in when it is shown.

    `height` is in CSS pixels; `min_width` makes a narrow screen scroll instead of squeezing.
    `axes` upright axes stand at x = 0, 1, ...; each can be brushed.
    """

    data: tuple[Trace, ...]
    layout: Layout
    height: int = 360
    min_width: int = 0
    axes: int = 0

    @property
    def shows_trials(self) -> bool:
        """Tell whether its points are trials, which can be selected."""
        return any(trace.get("meta") == TRIALS for trace in self.data)


def shown(text: object) -> str:
    """Escape a name for plotly, which reads tags and entities in its texts."""
    return html.escape(str(text), quote=False)


def shortened(text: object, most: int) -> str:
    """Cut a name to `most` signs, the last of which says so, and escape it for plotly."""
    whole = str(text)
    return shown(whole if len(whole) <= most else whole[: most - 1] + "…")


def axis(title: str, **more: Any) -> Layout:
    """Return an axis with a title."""
    return {"title": {"text": shown(title)}, **more}


def measure_axis(measure: MeasureName, title: str, **more: Any) -> Layout:
    """Return an axis of a measure's values: of fractions, it reads in per cent."""
    if MEASURES[measure].unit == "fraction":
        return axis(title, tickformat=".1%", hoverformat=".2%", **more)
    return axis(title, hoverformat=".4f", **more)


def hover_format(measure: MeasureName) -> str:
    """Return how a value of a measure is written in plotly's hover texts."""
    return ".2%" if MEASURES[measure].unit == "fraction" else ".4f"


def log_axis(title: str, low: float, high: float) -> Layout:
    """Return a log axis with round numbers from low to high."""
    ticks = log_ticks(low, high)
    first, last = math.log10(low), math.log10(high)
    pad = 0.04 * (last - first) or 0.1
    return axis(
        title,
        type="log",
        tickvals=list(ticks),
        ticktext=[brief(v) for v in ticks],
        range=[first - pad, last + pad],
    )


def counting_axis(title: str, last: int, **more: Any) -> Layout:
    """Return an axis of whole numbers up to `last`, without halves between them."""
    return axis(title, **({"dtick": 1} if last <= 12 else {}), **more)


def measure_title(record: StudyRecord) -> str:
    """Say what an axis of trials shows: the study's measure with its split, unit and n."""
    return trials_title(record, record.measure)


def line(x0: float, x1: float, y: float, colour: str, dash: str, **more: Any) -> Trace:
    """Return a straight level line as a trace, so that it stands in the legend."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x0, x1],
        "y": [y, y],
        "line": {"color": colour, "dash": dash, "width": 1.8},
        **more,
    }


_AXIS: Layout = {
    "gridcolor": "$grid",
    "linecolor": "$line",
    "zerolinecolor": "$line",
    "tickcolor": "$line",
    "automargin": True,
    "title": {"standoff": 10, "font": {"size": 12, "color": "$muted"}},
    "tickfont": {"color": "$muted"},
}
# What every figure of a page has in common; it is in the page once.
BASE_LAYOUT: Layout = {
    "font": {
        "family": 'system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif',
        "size": 12,
        "color": "$text",
    },
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "margin": {"l": 64, "r": 12, "t": 14, "b": 48},
    "xaxis": _AXIS,
    "yaxis": _AXIS,
    "hovermode": "closest",
    "hoverlabel": {
        "bgcolor": "$card",
        "bordercolor": "$line",
        "font": {"color": "$text"},
        "align": "left",
    },
    "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0},
}


def compact(value: Any) -> Any:
    """Round what is only drawn to six significant digits; what is no number becomes null."""
    if isinstance(value, float):
        return float(f"{value:.6g}") if value - value == 0 else None
    if isinstance(value, dict):
        return {key: compact(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [compact(entry) for entry in value]
    return value
