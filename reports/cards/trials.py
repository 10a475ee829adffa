"""The card of all trials."""

from collections import Counter
from collections.abc import Iterator

from reports.blocks import Axes, Block, Card, NotYet, Sheet
from reports.figures.base import measure_title
from reports.fold_words import trials_title
from reports.measure_words import column_kind
from reports.record import StudyRecord
from reports.tables import Cell, Column, Table
from reports.trial_record import TrialRecord
from reports.trials import (
    baseline_trial,
    epoch_value,
    epochs_of,
    reached,
    scored,
    winner_trial,
    winner_word,
)
from search_spaces.measures import MEASURES


def trials_card(record: StudyRecord) -> Card:
    """Show every trial, to sort and filter."""
    blocks: tuple[Block, ...] = (NotYet("no trial has been run."),)
    table = trial_table(record)
    if record.trials:
        blocks = (Sheet("trials", "All trials", table),)
    note = (
        "So that this page stays small, the numbers of this large table have six significant "
        f"digits: dense-study show {record.name} --json prints them in full."
    )
    return Card(
        "trials",
        "Which trials were run?",
        "Press a heading to sort. The filter takes words and terms such as state=pruned, "
        'accuracy >= 97.5 or state != "failed"; a row must match all.',
        blocks,
        (note,) if table.large else (),
        _finding(record),
    )


def axes_card(record: StudyRecord) -> Card:
    """Show the trials over any two columns of their table."""
    names = [p.name for p in record.space.parameters]
    blocks: tuple[Block, ...] = (NotYet("no trial is complete."),)
    if scored(record) and names:
        caption = "Each trial over the two chosen columns of the trial table."
        blocks = (Axes("axes", caption, "trials", names[0], measure_title(record)),)
    return Card(
        "axes",
        "How do any two numbers of the trials go together?",
        "Choose what stands across, what stands up and what the colour means; press a trial to "
        "open it.",
        blocks,
        finding="A scatter with axes of your choice.",
    )


def _finding(record: StudyRecord) -> str:
    states = Counter("lost" if trial.lost else trial.state for trial in record.trials)
    return ", ".join(f"{number:,} {state}" for state, number in states.most_common()) + "."


def trial_table(record: StudyRecord) -> Table:
    """Return a row for each trial; values are those of the weights kept at the end."""
    names = [p.name for p in record.space.parameters]
    columns = (
        Column("trial", "count"),
        Column("state"),
        Column("origin"),
        Column(measure_title(record), column_kind(record.measure)),
        *_beside(record),
        Column("loss", "number"),
        *(Column(name, "number") for name in names),
        Column("epochs trained", "count"),
        Column(
            f"{MEASURES[record.measure].title} after the last epoch", column_kind(record.measure)
        ),
        Column("seconds", "seconds"),
        Column("size (parameters)", "count"),
        Column("seed"),
        Column("worker"),
        Column("reason"),
    )
    rows = tuple(_row(record, trial, names) for trial in record.trials)
    return Table(columns, rows, tuple(_marks(record)))


def _marks(record: StudyRecord) -> Iterator[tuple[int, str]]:
    best, base = winner_trial(record), baseline_trial(record)
    word = winner_word(record)
    for index, trial in enumerate(record.trials):
        if trial is best:
            yield index, word
        elif trial is base:
            yield index, "baseline"


def _beside(record: StudyRecord) -> tuple[Column, ...]:
    """Return the accuracy's column where the measure is another."""
    if record.measure == "accuracy":
        return ()
    return (Column(trials_title(record, "accuracy"), "accuracy"),)


def _row(record: StudyRecord, trial: TrialRecord, names: list[str]) -> tuple[Cell, ...]:
    loss = trial.loss
    return (
        trial.number,
        "lost" if trial.lost else trial.state,
        trial.origin,
        reached(trial),
        *(() if record.measure == "accuracy" else (trial.accuracy,)),
        loss if loss is not None and loss - loss == 0 else None,
        *(trial.params.get(name) for name in names),
        epochs_of(trial),
        next((epoch_value(e) for e in reversed(trial.curve)), None),
        trial.seconds,
        trial.parameter_count,
        str(trial.seed),
        trial.worker,
        trial.reason,
    )
