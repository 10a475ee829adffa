"""The answer at the top of the page."""

from dataclasses import dataclass

from reports.blocks import Chart
from reports.figures.strip import strip_figure
from reports.record import StudyRecord
from reports.tables import Column, Table
from reports.views.answer import AnswerView, Tile, answers, tiles, tone_of
from reports.views.published import incomparable
from reports.views.strip import Row, strip_view


@dataclass(frozen=True)
class AnswerSection:
    """The verdict with its seeds and key numbers."""

    question: str
    tone: str
    answers: tuple[AnswerView, ...]
    strip: Chart | None
    tiles: tuple[Tile, ...]
    notes: tuple[str, ...]


def answer_section(record: StudyRecord) -> AnswerSection:
    """Build the top of the page."""
    rows = strip_view(record)
    why = incomparable(record)
    return AnswerSection(
        question="Did tuning beat the baseline?",
        tone=tone_of(record),
        answers=answers(record),
        strip=_strip(rows) if rows else None,
        tiles=tiles(record),
        notes=(f"{why} It is not drawn.",) if why else (),
    )


def _strip(rows: tuple[Row, ...]) -> Chart:
    caption = "Each point is one training with its own seed; vertical lines are means."
    if any(row.kind == "published" for row in rows):
        caption += (
            " The shaded band is the published number's 95 % interval, over its test images only."
        )
    if len({row.split for row in rows}) > 1:
        caption += " The rows were measured on different splits: each label names its own."
    return Chart("strip", strip_figure(rows), caption, _table(rows))


def _table(rows: tuple[Row, ...]) -> Table:
    columns = (
        Column("candidate"),
        Column("split"),
        Column("n", "count"),
        Column("seed"),
        Column("accuracy", "accuracy"),
    )
    cells = tuple(
        (row.name, row.split, row.n, "unknown" if run.seed is None else str(run.seed), run.accuracy)
        for row in rows
        for run in row.runs
    )
    return Table(columns, cells)
