"""The report page: one HTML file with everything in it."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.blocks import Chart, Charts, Section, Sheet, all_blocks, file_names
from reports.cards.answer import answer_section
from reports.cards.contents import sections
from reports.cards.setup import trial_commands
from reports.colours import DARK, LIGHT
from reports.figures.base import BASE_LAYOUT, compact
from reports.figures.picture import picture_layout
from reports.numbers import plural
from reports.record import StudyRecord
from reports.scripts import (
    TEMPLATES,
    content_policy,
    embedded_json,
    page_script,
    page_style,
    plotly_script,
    plotly_style_ids,
)
from reports.tables import Table
from reports.views.panel import panel_view


def render_page(record: StudyRecord, live: int = 0) -> str:
    """Return the report of one study; the same record gives the same bytes.

    With `live` the page loads itself again every so many seconds.
    """
    top = answer_section(record)
    markup = rendered("answer.html", top=top)
    panel = {**asdict(panel_view(record)), "commands": trial_commands(record)}
    cards = sections(record)
    return assemble(record.name, _meta(record), cards, top.charts, markup, live, panel)


def rendered(template: str, **values: object) -> str:
    """Return the text of one of our templates; every value is escaped."""
    return _environment().get_template(template).render(**values)


def record_charts(record: StudyRecord) -> tuple[Chart, ...]:
    """Return every figure of a study's report, from top to bottom."""
    return (*answer_section(record).charts, *_charts(sections(record)))


def assemble(
    title: str,
    meta: str,
    parts: tuple[Section, ...],
    top: tuple[Chart, ...],
    markup: str,
    live: int = 0,
    panel: dict[str, Any] | None = None,
) -> str:
    """Put a page together from its cards; `markup` (trusted) stands above them with `top`.

    With a `panel`, trials can be selected, opened and set side by side.
    """
    charts = [*top, *_charts(parts)]
    tables = {chart.key: chart.table for chart in charts if chart.table is not None}
    tables |= {sheet.key: sheet.table for sheet in _sheets(parts)}
    return (
        _environment()
        .get_template("page.html")
        .render(
            title=title,
            meta=meta,
            sections=parts,
            answer=Markup(markup),  # noqa: S704 rendered by our own autoescaped template
            live=live,
            selects=panel is not None,
            policy=content_policy(),
            style=page_style(),
            style_ids=plotly_style_ids(),
            plotly=plotly_script(),
            script=page_script(),
            data=embedded_json(_data(title, charts, tables, panel)),
            footer="Written by dense-study. This file contains everything on the page.",
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["unbroken"] = unbroken_numbers
    return environment


def unbroken_numbers(text: str) -> str:
    """Keep a number and its sign on one line: "95 %", "n = 359"."""
    return re.sub(r"n = (?=\d)", "n\u00a0=\u00a0", re.sub(r"(?<=\d) %", "\u00a0%", text))


def _charts(parts: tuple[Section, ...]) -> Iterator[Chart]:
    for block in all_blocks(parts):
        if isinstance(block, Charts):
            yield from block.charts


def _sheets(parts: tuple[Section, ...]) -> Iterator[Sheet]:
    yield from (block for block in all_blocks(parts) if isinstance(block, Sheet))


def _data(
    title: str, charts: list[Chart], tables: dict[str, Table], panel: dict[str, Any] | None
) -> dict[str, Any]:
    return {
        "panel": compact(panel),
        "file": re.sub(r"[^A-Za-z0-9._-]+", "-", title).strip("-.")[:80] or "study",
        "light": dict(LIGHT),
        "dark": dict(DARK),
        "base": BASE_LAYOUT,
        "figures": {
            chart.key: _figure(chart, name, title)
            for chart, name in zip(charts, file_names(charts), strict=True)
        },
        "tables": {key: table.as_plain() for key, table in tables.items()},
    }


def _figure(chart: Chart, name: str, title: str) -> dict[str, Any]:
    figure = chart.figure
    return {
        "file": name,
        "picture": compact(picture_layout(figure, f"{title}: {chart.caption}")),
        "data": compact(list(figure.data)),
        "layout": compact(figure.layout),
        "height": figure.height,
        "min_width": figure.min_width,
        "axes": figure.axes,
    }


def _meta(record: StudyRecord) -> str:
    data = record.data
    when = record.created[:16].replace("T", " ")
    return (
        f"{data.name}: {data.train_n:,} training, {data.validation_n:,} validation, "
        f"{data.test_n:,} test images · search space {record.space.name}, "
        f"{plural(len(record.space.parameters), 'parameter')} · {record.sampler}, "
        f"pruner {record.pruner} · started {when} UTC"
    )
