"""The class balance."""

from reports.data_record import DataRecord
from reports.figures.base import Figure, Layout, axis, shortened


def balance_figure(data: DataRecord) -> Figure:
    """Draw how many images each class has."""
    pairs = list(zip(data.classes, data.class_counts, strict=False))
    trace = {
        "type": "bar",
        "x": list(range(len(pairs))),
        "y": [number for _, number in pairs],
        "marker": {"color": "$accent"},
        "hovertemplate": f"%{{y:,}} {data.inputs}<extra></extra>",
    }
    ticks = {
        "tickvals": list(range(len(pairs))),
        "ticktext": [shortened(name, 14) for name, _ in pairs],
    }
    layout: Layout = {
        "xaxis": axis("class", showgrid=False, **ticks),
        "yaxis": axis(data.inputs, tickformat=","),
        "bargap": 0.35,
    }
    return Figure((trace,), layout, height=260)
