"""Cards on what the search cost: Pareto front, timeline, stopped trials."""

from reports.blocks import Block, Card, Chart, Charts, NotYet, Sheet, Words
from reports.figures.base import measure_title
from reports.figures.cost import cost_figure
from reports.figures.timeline import timeline_figure
from reports.measure_words import best_word, column_kind, value_words
from reports.numbers import duration, percent, plural
from reports.record import StudyRecord
from reports.tables import Column, Table
from reports.views.cost import Cost, Priced, cost_view
from reports.views.stops import Stops, stops_view
from reports.views.timeline import timeline_view
from search_spaces.measures import MEASURES

_COSTS: tuple[tuple[Cost, str], ...] = (
    ("seconds", "seconds of training"),
    ("parameters", "parameters"),
)


def cost_card(record: StudyRecord) -> Card:
    """Show the measure against seconds and against parameters."""
    title, name = measure_title(record), MEASURES[record.measure].title
    charts, left_out = [], 0
    for cost, words in _COSTS:
        view = cost_view(record, cost)
        if view.trials:
            left_out = max(left_out, view.left_out)
            rows = tuple((p.number, p.cost, p.value, p.front) for p in view.trials)
            columns = (
                Column("trial", "count"),
                Column(words, "seconds" if cost == "seconds" else "count"),
                Column(title, column_kind(record.measure)),
                Column("on the front"),
            )
            charts.append(
                Chart(
                    f"cost-{cost}",
                    cost_figure(view, record.measure, words, title),
                    f"{name[0].upper()}{name[1:]} against {words}; the front joins trials that no "
                    "cheaper one beats.",
                    Table(columns, rows),
                    f"against {words}",
                )
            )
    blocks: tuple[Block, ...] = (Charts(tuple(charts), "choice"),)
    if not charts:
        blocks = (NotYet("no trial is complete."),)
    side = "Higher" if MEASURES[record.measure].direction == "maximize" else "Lower"
    front = [p for p in cost_view(record, "seconds").trials if p.front]
    note = f"{left_out:,} trials that are not on the front are left out here, evenly."
    return Card(
        "cost",
        f"What does {name} cost?",
        f"{side} and further left is better; where the front is flat, more cost brings little.",
        blocks,
        (note,) if left_out else (),
        _front(record, front),
    )


def _front(record: StudyRecord, front: list[Priced]) -> str:
    if not front:
        return ""
    # Along the front, what costs more is better.
    cheap, good = (
        f"{value_words(record.measure, p.value)} after {duration(p.cost)} (trial {p.number})"
        for p in (min(front, key=lambda p: p.cost), max(front, key=lambda p: p.cost))
    )
    return f"From {cheap} to {good} of training."


def timeline_card(record: StudyRecord) -> Card:
    """Show the workers' time."""
    view = timeline_view(record)
    if not view.bars:
        blocks: tuple[Block, ...] = (NotYet("no trial has ended."),)
        return Card("timeline", "Were the workers busy?", _TIMELINE_AID, blocks)
    table = Table(
        (
            Column("trial", "count"),
            Column("worker"),
            Column("state"),
            Column("start (s)", "seconds"),
            Column("seconds", "seconds"),
        ),
        tuple((b.number, b.worker, b.state, b.start, b.seconds) for b in view.bars),
    )
    caption = (
        f"{plural(len(view.workers), 'worker')} over {duration(view.span)}, training "
        f"{percent(view.busy, 0)} of the time of {plural(record.jobs, 'job')}."
    )
    chart = Chart("timeline", timeline_figure(view), caption, table)
    note = f"{view.left_out:,} trials are left out here, evenly."
    return Card(
        "timeline",
        "Were the workers busy?",
        _TIMELINE_AID,
        (Charts((chart,)),),
        (note,) if view.left_out else (),
        caption,
    )


_TIMELINE_AID = (
    "Gaps are time without training, but pauses between runs are left out; each state has its own "
    "colour and pattern."
)


def stops_card(record: StudyRecord) -> Card:
    """Show what did not complete, why, and what pruning saved and may have cost."""
    view = stops_view(record)
    blocks: tuple[Block, ...] = (Words("Every trial so far has completed."),)
    if view.stops:
        columns = (
            Column("trial", "count"),
            Column("state"),
            Column("reason"),
            Column("epochs trained", "count"),
            Column("planned", "count"),
            Column(f"last {measure_title(record)}", column_kind(record.measure)),
            Column("run again as", "count"),
        )
        rows = tuple(
            (s.number, s.state, s.reason, s.epochs, s.planned, s.value, s.retried_by)
            for s in view.stops
        )
        table = Table(columns, rows)
        blocks = (Words(_account(view)), Sheet("stops", "Trials that did not complete", table))
    return Card(
        "stops",
        "What was stopped, and why?",
        "Failed and pruned trials are results too; a lost one ended with its worker and does "
        "not count.",
        blocks,
        _audit(record, view),
        _counts(view) if view.stops else "Every trial so far has completed.",
    )


def _counts(view: Stops) -> str:
    return (
        f"{plural(view.pruned, 'trial')} pruned, {view.failed} failed, {view.lost} lost with "
        "their workers."
    )


def _account(view: Stops) -> str:
    counts = _counts(view)
    if not view.pruned:
        return counts
    planned = view.trained_epochs + view.saved_epochs
    share = view.saved_epochs / planned if planned else 0.0
    return (
        f"{counts} Pruning saved {plural(view.saved_epochs, 'epoch')}, {percent(share, 0)} of all "
        f"that were planned: about {duration(view.saved_seconds)} of one worker's time."
    )


def _audit(record: StudyRecord, view: Stops) -> tuple[str, ...]:
    cost = (
        "What pruning may have cost is unknown: no trial that the pruner would have stopped was "
        "run to its end."
    )
    if view.audited:
        reached = value_words(record.measure, view.audited_best_value)
        cost = (
            f"What pruning may have cost: {plural(view.audited, 'trial')} that the pruner would "
            f"have stopped ran to the end; the {best_word(record.measure)} reached {reached} on "
            f"validation, and {view.audited_best} of them became the study's best."
        )
    return (cost,) if view.pruned or view.audited else ()
