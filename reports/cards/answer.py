"""The answer at the top of the page."""

from dataclasses import dataclass

from reports.blocks import Chart
from reports.figures.strip import strip_figure
from reports.record import StudyRecord
from reports.tables import Column, Table
from reports.views.answer import AnswerView, Tile, answers, tiles, tone_of
from reports.views.progress import incomparable
from reports.views.strip import Row, strip_view


@dataclass(frozen=True)
class Hero:
    """The verdict with its seeds and key numbers."""

    question: str
    tone: str
    answers: tuple[AnswerView, ...]
    strip: Chart | None
    tiles: tuple[Tile, ...]
    notes: tuple[str, ...]


def hero(record: StudyRecord) -> Hero:
    """Build the top of the page."""
    rows = strip_view(record)
    why = incomparable(record)
    return Hero(
        question="Did tuning beat the baseline?",
        tone=tone_of(record),
        answers=answers(record),
        strip=_strip(rows) if rows else None,
        tiles=tiles(record),
        notes=(f"{why} It is not drawn.",) if why else (),
    )


def _strip(rows: tuple[Row, ...]) -> Chart:
    caption = "Each point is one training under its own seed; upright strokes are means."
    if any(row.kind == "published" for row in rows):
        caption += " The shaded band is the 95 % interval of the published number's images alone."
    if len({row.split for row in rows}) > 1:
        caption += " The rows are of different splits: read each by its own label."
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
