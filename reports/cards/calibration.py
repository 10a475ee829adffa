"""The card on calibration: are answers as often right as their probabilities say?"""

from reports.blocks import Block, Card, Chart, Charts, Fold, NotYet, Sheet, Words
from reports.calibration import Calibration
from reports.calibration_words import calibration_words, finding_words
from reports.confirm_command import confirm_command
from reports.figures.calibration import reliability_figure
from reports.numbers import InputsWord
from reports.record import StudyRecord
from reports.tables import Cell, Column, Table
from reports.views.calibration import ReliabilityView, reliability_views


def calibration_card(record: StudyRecord) -> Card:
    """Show the winner's temperature, and reliability before and after."""
    confirmation, inputs = record.confirmation, record.data.inputs
    if confirmation is None or confirmation.calibration is None:
        return _card((NotYet(_reason(record)),))
    calibration = confirmation.calibration
    views = reliability_views(calibration)
    charts = tuple(_chart(view, inputs) for view in views)
    sheet = Sheet("effect", "What the temperature does", _effect(calibration))
    words = Words(calibration_words(calibration, inputs))
    bins = len(calibration.validation.before.points)
    note = (
        f"The expected calibration error is the mean distance of {bins} bins of equally many "
        "validation answers from the diagonal. Few answers make it larger than 0 even where every "
        "confidence is true: so large on average is the last column."
    )
    fold = Fold("effect", "Log loss and calibration error as a table", (sheet,))
    blocks = (words, Charts(charts, "choice"), fold)
    return _card(blocks, (note,), finding_words(calibration, inputs))


def _reason(record: StudyRecord) -> str:
    confirmation = record.confirmation
    if confirmation is None:
        return f"nothing has been confirmed: {confirm_command(record)}"
    if confirmation.uncalibrated is not None:
        return f"{confirmation.uncalibrated}."
    return "there is no final, or an earlier version confirmed this study."


def _chart(view: ReliabilityView, inputs: InputsWord) -> Chart:
    columns = (
        Column("probabilities"),
        Column("mean confidence", "share"),
        Column("share right", "share"),
        Column("from", "share"),
        Column("to", "share"),
        Column("answers", "count"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (curve.name, one.confidence, one.accuracy, one.low, one.high, one.n)
        for curve in view.curves
        for one in curve.points
    )
    caption = (
        f"Share of right answers against their mean confidence on {view.split} {inputs} "
        f"(n = {view.n:,}), with 95 % intervals."
    )
    key = f"reliability-{view.split}"
    label = f"{view.split} {inputs}"
    return Chart(key, reliability_figure(view), caption, Table(columns, rows), label)


def _effect(calibration: Calibration) -> Table:
    columns = (
        Column("answers"),
        Column("n", "count"),
        Column("probabilities"),
        Column("log loss (nats)"),
        Column("expected calibration error", "share"),
        Column("by chance alone", "share"),
    )
    splits = (("validation, cross-fitted", calibration.validation), ("test", calibration.test))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (split, both.n, name, f"{one.log_loss:.4f}", one.error, one.by_chance)
        for split, both in splits
        if both is not None
        for name, one in (("as trained", both.before), ("with the temperature", both.after))
    )
    return Table(columns, rows)


def _card(blocks: tuple[Block, ...], notes: tuple[str, ...] = (), finding: str = "") -> Card:
    return Card(
        "calibration",
        "How far can the winner's probabilities be trusted?",
        "On the diagonal, answers that are 90 % sure are right in 90 of 100 cases. Below it, the "
        "network is too sure.",
        blocks,
        notes,
        finding,
    )
