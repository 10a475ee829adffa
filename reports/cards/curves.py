"""The card of learning curves."""

from reports.blocks import Block, Card, Chart, Charts, NotYet
from reports.figures.curves import curves_figure
from reports.fold_words import curves_note, curves_title
from reports.measure_words import best_word, column_kind
from reports.record import StudyRecord
from reports.tables import Cell, Column, Table
from reports.trials import best_trial, epoch_value, trial_name
from reports.views.curves import Curve, curves_view
from search_spaces.measures import MEASURES


def curves_card(record: StudyRecord) -> Card:
    """Show how trials learned, epoch by epoch."""
    view = curves_view(record)
    blocks: tuple[Block, ...] = (NotYet("no trial has completed an epoch."),)
    if view.curves:
        title, name = curves_title(record), MEASURES[record.measure].title
        one = "a row" if record.data.inputs == "rows" else "an image"
        table = _table(record, view.curves, title)
        blocks = (
            Charts(
                (
                    Chart(
                        f"curves-{record.measure.replace('_', '-')}",
                        curves_figure(view.curves, record.measure, title),
                        f"Validation {name} after each epoch; a cross marks a pruned trial.",
                        table,
                        name,
                    ),
                    Chart(
                        "curves-loss",
                        curves_figure(view.curves, None, f"validation loss (nats {one})"),
                        "Mean validation loss after each epoch; a cross marks a pruned trial.",
                        table,
                        "loss",
                    ),
                ),
                "choice",
            ),
        )
    total = view.left_out + len(view.curves)
    note = (
        f"{len(view.curves)} of {total:,} trials are drawn: the best ten, the baseline and an even "
        "share of the rest."
    )
    better, worse = "rises", "falls"
    if MEASURES[record.measure].direction == "minimize":
        better, worse = worse, better
    return Card(
        "curves",
        "How did the trials learn?",
        f"A curve that still {better} at its end needs more epochs; one that {worse} is "
        "overfitting.",
        blocks,
        tuple(filter(None, (note if view.left_out else "", curves_note(record)))),
        _finding(record),
    )


def _finding(record: StudyRecord) -> str:
    best = best_trial(record)
    reached = [e for e in best.curve if epoch_value(e) is not None] if best else []
    if not best or not reached:
        return ""
    turned = MEASURES[record.measure].oriented
    top = max(reached, key=lambda e: turned(epoch_value(e) or 0.0))
    return (
        f"The search's best, {trial_name(best)}, was {best_word(record.measure)} after epoch "
        f"{top.epoch} of "
        f"{len(best.curve)}."
    )


def _table(record: StudyRecord, curves: tuple[Curve, ...], title: str) -> Table:
    columns = (
        Column("trial", "count"),
        Column("role"),
        Column("epoch", "count"),
        Column(title, column_kind(record.measure)),
        Column("validation loss", "number"),
    )
    rows: list[tuple[Cell, ...]] = [
        (curve.number, curve.role, epoch, value, loss)
        for curve in curves
        for epoch, (value, loss) in enumerate(zip(curve.values, curve.loss, strict=True), start=1)
    ]
    return Table(columns, tuple(rows))
