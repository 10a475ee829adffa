"""The card of learning curves."""

from reports.blocks import Block, Card, Chart, Charts, NotYet
from reports.figures.base import accuracy_title
from reports.figures.curves import curves_figure
from reports.record import StudyRecord
from reports.tables import Cell, Column, Table
from reports.trials import best_trial, trial_name
from reports.views.curves import Curve, curves_view


def curves_card(record: StudyRecord) -> Card:
    """Show how trials learned, epoch by epoch."""
    view = curves_view(record)
    blocks: tuple[Block, ...] = (NotYet("no trial has completed an epoch."),)
    if view.curves:
        title = accuracy_title(record)
        table = _table(view.curves, title)
        blocks = (
            Charts(
                (
                    Chart(
                        "curves-accuracy",
                        curves_figure(view.curves, "accuracy", title),
                        "Validation accuracy after each epoch; a cross marks a pruned trial.",
                        table,
                        "accuracy",
                    ),
                    Chart(
                        "curves-loss",
                        curves_figure(view.curves, "loss", "validation loss (nats an image)"),
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
    return Card(
        "curves",
        "How did the trials learn?",
        "A curve that still rises at its end needs more epochs; one that falls is overfitting.",
        blocks,
        (note,) if view.left_out else (),
        _finding(record),
    )


def _finding(record: StudyRecord) -> str:
    best = best_trial(record)
    reached = [e for e in best.curve if e.validation_accuracy is not None] if best else []
    if not best or not reached:
        return ""
    highest = max(reached, key=lambda e: e.validation_accuracy or 0.0)
    return (
        f"The search's best, {trial_name(best)}, was highest after epoch {highest.epoch} of "
        f"{len(best.curve)}."
    )


def _table(curves: tuple[Curve, ...], title: str) -> Table:
    columns = (
        Column("trial", "count"),
        Column("role"),
        Column("epoch", "count"),
        Column(title, "accuracy"),
        Column("validation loss", "number"),
    )
    rows: list[tuple[Cell, ...]] = [
        (curve.number, curve.role, epoch, accuracy, loss)
        for curve in curves
        for epoch, (accuracy, loss) in enumerate(
            zip(curve.accuracy, curve.loss, strict=True), start=1
        )
    ]
    return Table(columns, tuple(rows))
