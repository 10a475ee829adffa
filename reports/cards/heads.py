"""The card that sets the confirmed winners of several studies against each other."""

from collections.abc import Mapping, Sequence

from reports.blocks import Block, Card, Chart, Charts, NotYet, Words
from reports.figures.base import Figure
from reports.figures.differences import axis_of_differences, interval_trace, row_label
from reports.numbers import plural, points, size_words
from reports.record import StudyRecord
from reports.tables import Column, Table
from reports.views.heads import Apart, Head, Predictions, heads

# So many pairs are put in words.
_SAID = 5


def heads_card(records: Sequence[StudyRecord], finals: Mapping[str, Predictions]) -> Card:
    """Show the difference of each pair of winners with its interval."""
    compared, apart = heads(records, finals)
    blocks: tuple[Block, ...] = (
        NotYet("no two of these studies were confirmed on the same test images."),
    )
    if compared:
        chart = Chart(
            "heads",
            _figure(compared),
            "Difference of mean test accuracy between two studies' winners, with its interval.",
            _table(compared),
        )
        blocks = (Words(_words(compared)), Charts((chart,)))
    return Card(
        "heads",
        "Whose winner is more accurate?",
        "Where an interval holds zero, neither winner is shown to be more accurate.",
        blocks,
        _notes(compared, apart),
    )


def _words(compared: Sequence[Head]) -> str:
    """Say what the pairs show, those that show a difference first."""
    ordered = sorted(compared, key=_holds_zero)
    more = len(compared) - _SAID
    rest = [f"{plural(more, 'more pair')} below."] if more > 0 else []
    return " ".join([*(_sentence(head) for head in ordered[:_SAID]), *rest])


def _figure(compared: Sequence[Head]) -> Figure:
    rows = list(zip(compared, range(len(compared), 0, -1), strict=True))
    layout, height = axis_of_differences("first minus second, points of test accuracy", len(rows))
    layout["annotations"] = [
        row_label(f"{head.first} against {head.second}", _word(head), place) for head, place in rows
    ]
    traces = tuple(
        interval_trace(
            f"{head.first} against {head.second}",
            (head.interval.low, head.difference, head.interval.high),
            place,
            ("$open" if _holds_zero(head) else "$accent", "circle"),
            f"{size_words(head.n, head.groups)}, {head.seeds} seeds",
            head.interval.level,
        )
        for head, place in rows
    )
    return Figure(traces, layout, height=height)


def _table(compared: Sequence[Head]) -> Table:
    columns = (
        Column("first study"),
        Column("second study"),
        Column("first: mean test accuracy", "accuracy"),
        Column("second: mean test accuracy", "accuracy"),
        Column("difference (points)", "points"),
        Column("from (points)", "points"),
        Column("to (points)", "points"),
        Column("seeds each", "count"),
        Column("test n", "count"),
    )
    rows = tuple(
        (
            head.first, head.second, *head.accuracies, head.difference,
            head.interval.low, head.interval.high, head.seeds, head.n,
        )
        for head in compared
    )  # fmt: skip
    return Table(columns, rows)


def _holds_zero(head: Head) -> bool:
    return head.interval.low <= 0 <= head.interval.high


def _word(head: Head) -> str:
    return "not shown" if _holds_zero(head) else points(head.difference)


def _sentence(head: Head) -> str:
    if _holds_zero(head):
        return f"Neither {head.first} nor {head.second} is shown to be more accurate."
    better, worse = (head.first, head.second) if head.difference > 0 else (head.second, head.first)
    return f"{better} is more accurate than {worse}."


def _notes(compared: Sequence[Head], apart: Sequence[Apart]) -> tuple[str, ...]:
    notes = []
    if compared:
        level = f"{100 * compared[0].interval.level:.4g} %"
        together = ", so that all hold together with 95 % (Bonferroni)"
        notes.append(
            f"{plural(len(compared), 'pair')}, intervals of {level}"
            f"{together if compared[1:] else ''}. They hold for studies that were picked before "
            "their test results were seen."
        )
    notes += [f"{one.first} and {one.second}: {one.reason}." for one in apart[:_SAID]]
    if len(apart) > _SAID:
        notes.append(f"{plural(len(apart) - _SAID, 'more pair')} cannot be compared.")
    return tuple(notes)
