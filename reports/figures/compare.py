"""Best so far of several studies."""

from reports.colours import DASHES, LINES
from reports.figures.base import Figure, Trace, axis, hover_format, measure_axis, shown
from reports.fold_words import rows_words
from reports.views.compare import Comparable
from search_spaces.measures import MEASURES


def courses_figure(group: Comparable, against: str) -> Figure:
    """Draw best so far against "trials" or "seconds"."""
    traces = []
    for i, course in enumerate(group.courses):
        steps: tuple[tuple[float, float], ...] = (
            course.by_trial if against == "trials" else course.by_seconds
        )
        last = course.last_trial if against == "trials" else course.last_second
        if steps:
            traces.append(_line(course.name, steps, last, i, hover_format(group.measure)))
    rows = rows_words(group.n, group.folds)
    words = "trial" if against == "trials" else "seconds of the search, without pauses between runs"
    layout = {
        "xaxis": axis(words, rangemode="tozero"),
        "yaxis": measure_axis(
            group.measure,
            f"best validation {MEASURES[group.measure].title} so far ({rows})",
        ),
    }
    return Figure(tuple(traces), layout, height=420)


def _line(
    name: str, steps: tuple[tuple[float, float], ...], last: float, i: int, hover: str
) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": shown(name),
        "x": [x for x, _ in steps] + [last],
        "y": [y for _, y in steps] + [steps[-1][1]],
        "line": {
            "color": LINES[i % len(LINES)],
            "dash": DASHES[i % len(DASHES)],
            "width": 2.5,
            "shape": "hv",
        },
        "marker": {"color": LINES[i % len(LINES)], "size": 6},
        "hovertemplate": "%{xaxis.title.text}: %{x:,.4~r}"
        f"<br>%{{yaxis.title.text}}: %{{y:{hover}}}<extra></extra>",
    }
