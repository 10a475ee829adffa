"""The answer at the top of the page."""

from dataclasses import dataclass

from reports.answer_words import headline
from reports.blocks import Chart
from reports.figures.differences import differences_figure
from reports.figures.strip import strip_figure
from reports.measure_words import column_kind, drawn_differences
from reports.numbers import InputsWord
from reports.opening import BROKEN_LEDGER
from reports.record import StudyRecord
from reports.study_commands import next_step
from reports.tables import Cell, Column, Kind, Table
from reports.views.answer import AnswerView, Tile, answers, tiles, tone_of
from reports.views.changes import changes_words
from reports.views.differences import Difference, differences, margin_of
from reports.views.published import incomparable
from reports.views.strip import Row, strip_view
from search_spaces.measures import MEASURES, MeasureName


@dataclass(frozen=True)
class AnswerSection:
    """The verdict with its intervals, its seeds and key numbers.

    `warnings` are what a reader must know before believing them, `notes` what explains the numbers.
    `changes` says what the winner does otherwise, `step` is the command that comes next.
    """

    question: str
    headline: str
    tone: str
    answers: tuple[AnswerView, ...]
    charts: tuple[Chart, ...]
    tiles: tuple[Tile, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    changes: str = ""
    step: str = ""


def answer_section(record: StudyRecord) -> AnswerSection:
    """Build the top of the page."""
    lying, rows = differences(record), strip_view(record)
    charts = [_intervals(lying, margin_of(record), record.data.inputs)] if lying else []
    charts += [_strip(rows, record.measure)] if rows else []
    return AnswerSection(
        question="Did tuning beat the baseline?",
        headline=headline(record.confirmation) if record.confirmation else "",
        tone=tone_of(record),
        answers=answers(record),
        charts=tuple(charts),
        tiles=tiles(record),
        warnings=_warnings(record),
        notes=_notes(record),
        changes=changes_words(record),
        step=next_step(record),
    )


def _warnings(record: StudyRecord) -> tuple[str, ...]:
    odd = tuple(f"{str(one)[:1].upper()}{str(one)[1:]}." for one in record.data.warnings)
    broken = record.confirmation is not None and not record.confirmation.ledger_intact
    return (*([BROKEN_LEDGER] if broken else []), *odd)


def _notes(record: StudyRecord) -> tuple[str, ...]:
    notes = []
    if record.confirmation is not None and record.confirmation.comparisons:
        notes.append(
            "Answers are about two training recipes on this training set, each as the mean over "
            "seeds. The first is the study's question; each further one has an error of its own."
        )
    if why := incomparable(record):
        notes.append(f"{why} It is not drawn.")
    return tuple(notes)


def _intervals(rows: tuple[Difference, ...], margin: float, inputs: InputsWord) -> Chart:
    caption = "Each answer's difference on the test split with its interval; the line is zero"
    caption += ", the dotted one the margin." if margin else "."
    kind: Kind = "points" if drawn_differences(rows[0].measure, "test")[0] > 1 else "number"
    columns = [
        Column("question"),
        Column("answer"),
        Column("difference", kind),
        Column("low", kind),
        Column("high", kind),
        Column("level", "share"),
        Column("seeds", "count"),
        Column("n", "count"),
    ]
    cells: list[tuple[Cell, ...]] = [
        (one.against, one.answer, one.difference, one.low, one.high, one.level, one.seeds, one.n)
        for one in rows
    ]
    if any(one.groups is not None for one in rows):
        columns.append(Column(f"groups of {inputs}", "count"))
        cells = [(*cell, one.groups) for cell, one in zip(cells, rows, strict=True)]
    if any(one.weighted_n is not None for one in rows):
        columns.append(Column(f"effective n of weighted {inputs}", "number"))
        cells = [(*cell, one.weighted_n) for cell, one in zip(cells, rows, strict=True)]
    table = Table(tuple(columns), tuple(cells))
    return Chart("differences", differences_figure(rows, margin), caption, table)


def _strip(rows: tuple[Row, ...], measure: MeasureName) -> Chart:
    caption = "Each point is one training with its own seed; vertical lines are means."
    if any(row.kind == "published" for row in rows):
        caption += (
            " The shaded band is the published number's 95 % interval, over its test split only."
        )
    if len({row.split for row in rows}) > 1:
        caption += " The rows were measured on different splits: each label names its own."
    return Chart("strip", strip_figure(rows, measure), caption, _table(rows, measure))


def _table(rows: tuple[Row, ...], measure: MeasureName) -> Table:
    columns = (
        Column("candidate"),
        Column("split"),
        Column("n", "count"),
        Column("seed"),
        Column(MEASURES[measure].title, column_kind(measure)),
    )
    cells = tuple(
        (row.name, row.split, row.n, "unknown" if run.seed is None else str(run.seed), run.value)
        for row in rows
        for run in row.runs
    )
    return Table(columns, cells)
