"""The report page: one HTML file with everything in it."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.blocks import Chart, Charts, Section, Sheet, all_blocks, file_names
from reports.budget import budget_words
from reports.cards.answer import answer_section
from reports.cards.contents import sections
from reports.colours import DARK, LIGHT
from reports.figures.base import BASE_LAYOUT, compact
from reports.figures.picture import picture_layout
from reports.fold_words import sizes_words
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
from reports.study_commands import trial_commands
from reports.tables import Table
from reports.views.panel import panel_view
from reports.weight_words import weights_words


@dataclass(frozen=True)
class Live:
    """A page that looks for news every so many seconds.

    `updates` is the address, seen from the page, of the script that `render_update` returns;
    without it, and where it cannot be loaded, the page loads itself again.
    """

    every: int
    updates: str = ""


@dataclass(frozen=True)
class Parts:
    """What a page says: all that an update replaces. `content` is markup of our own templates."""

    title: str
    meta: str
    content: Markup
    data: dict[str, Any]


def render_page(record: StudyRecord, live: Live | None = None) -> str:
    """Return the report of one study; the same record gives the same bytes."""
    return whole_page(study_parts(record), live)


def render_update(record: StudyRecord) -> str:
    """Return a script that brings a live page of this study up to date."""
    return news_script(study_parts(record))


def news_script(parts: Parts) -> str:
    """Return the script that brings an open page to these parts."""
    news = {"meta": parts.meta, "content": parts.content, "data": parts.data}
    text = embedded_json(news)
    version = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f'denseStudyNews("{version}", {text});\n'


def study_parts(record: StudyRecord) -> Parts:
    """Return what the report of one study says."""
    top = answer_section(record)
    markup = rendered("answer.html", top=top)
    panel = {**asdict(panel_view(record)), "commands": trial_commands(record)}
    return assemble(record.name, _meta(record), sections(record), top.charts, markup, panel)


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
    panel: dict[str, Any] | None = None,
) -> Parts:
    """Put a page's parts together from its cards; `markup` (trusted) stands above with `top`.

    With a `panel`, trials can be selected, opened and set side by side.
    """
    charts = [*top, *_charts(parts)]
    tables = {chart.key: chart.table for chart in charts if chart.table is not None}
    tables |= {sheet.key: sheet.table for sheet in _sheets(parts)}
    content = rendered(
        "content.html",
        sections=parts,
        answer=Markup(markup),  # noqa: S704 rendered by our own autoescaped template
        selects=panel is not None,
        footer="Written by dense-study. This file contains everything on the page.",
    )
    data = _data(title, charts, tables, panel)
    return Parts(title, meta, Markup(content), data)  # noqa: S704 as above


def whole_page(parts: Parts, live: Live | None = None) -> str:
    """Return a page that contains everything it needs."""
    return rendered(
        "page.html",
        title=parts.title,
        meta=parts.meta,
        content=parts.content,
        live=live,
        policy=content_policy(loads_updates=live is not None and bool(live.updates)),
        style=page_style(),
        style_ids=plotly_style_ids(),
        plotly=plotly_script(),
        script=page_script(),
        data=embedded_json(parts.data),
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
    when = record.created[:16].replace("T", " ")
    budget = budget_words(record.budget_seconds, record.planned)
    weights = weights_words(record.data)
    return (
        f"{record.data.name}: {sizes_words(record)} · "
        f"{f'{weights} · ' if weights else ''}"
        f"search space {record.space.name}, "
        f"{plural(len(record.space.parameters), 'parameter')} · {record.sampler}, "
        f"pruner {record.pruner} · started {when} UTC{f' · {budget}' if budget else ''}"
    )
