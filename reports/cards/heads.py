"""The card that sets the confirmed winners of several studies against each other."""

from collections.abc import Mapping, Sequence

from reports.blocks import Block, Card, Chart, Charts, NotYet, Words
from reports.figures.base import Figure
from reports.figures.differences import axis_of_differences, interval_trace, row_label
from reports.measure_words import column_kind, difference_words, drawn_differences
from reports.numbers import plural, size_words
from reports.record import StudyRecord
from reports.tables import Column, Kind, Table
from reports.views.heads import Apart, Head, WinnerScores, heads, shared_measure
from search_spaces.measures import MEASURES, MeasureName

# So many pairs are put in words.
_SAID = 5


def heads_card(records: Sequence[StudyRecord], finals: Mapping[str, WinnerScores]) -> Card:
    """Show the difference of each pair of winners with its interval."""
    compared, apart = heads(records, finals)
    measure = shared_measure(records)
    own = MEASURES[measure]
    blocks: tuple[Block, ...] = (
        NotYet("no two of these studies were confirmed on the same test images."),
    )
    if compared:
        chart = Chart(
            "heads",
            _figure(compared),
            f"Difference of mean test {own.title} between two studies' winners, with its interval.",
            _table(compared),
        )
        blocks = (Words(_words(compared)), Charts((chart,)))
    return Card(
        "heads",
        f"Whose winner {'is' if measure == 'accuracy' else 'has'} {_more(measure)}?",
        f"Where an interval holds zero, neither winner is shown to {_be_more(measure)}.",
        blocks,
        (*_on_accuracy(records), *_notes(compared, apart)),
    )


def _words(compared: Sequence[Head]) -> str:
    """Say what the pairs show, those that show a difference first."""
    ordered = sorted(compared, key=lambda head: head.better is None)
    more = len(compared) - _SAID
    rest = [f"{plural(more, 'more pair')} below."] if more > 0 else []
    return " ".join([*(_sentence(head) for head in ordered[:_SAID]), *rest])


def _figure(compared: Sequence[Head]) -> Figure:
    rows = list(zip(compared, range(len(compared), 0, -1), strict=True))
    measure = compared[0].measure
    title = drawn_differences(measure, "test")[1]
    layout, height = axis_of_differences(f"first minus second, {title}", len(rows))
    layout["annotations"] = [
        row_label(f"{head.first} against {head.second}", _word(head), place) for head, place in rows
    ]
    traces = tuple(
        interval_trace(
            f"{head.first} against {head.second}",
            (head.interval.low, head.difference, head.interval.high),
            place,
            ("$accent" if head.better else "$open", "circle"),
            f"{size_words(head.n, head.groups, weighted_n=head.weighted_n)}, {head.seeds} seeds",
            head.interval.level,
            measure,
        )
        for head, place in rows
    )
    return Figure(traces, layout, height=height)


def _table(compared: Sequence[Head]) -> Table:
    measure = compared[0].measure
    own = MEASURES[measure]
    kind = column_kind(measure)
    is_share = own.unit == "fraction"
    unit = " (points)" if is_share else f" ({own.title})"
    apart: Kind = "points" if is_share else "number"
    columns = (
        Column("first study"),
        Column("second study"),
        Column(f"first: mean test {own.title}", kind),
        Column(f"second: mean test {own.title}", kind),
        Column(f"difference{unit}", apart),
        Column(f"from{unit}", apart),
        Column(f"to{unit}", apart),
        Column("seeds each", "count"),
        Column("test n", "count"),
    )
    rows = tuple(
        (
            head.first, head.second, *head.values, head.difference,
            head.interval.low, head.interval.high, head.seeds, head.n,
        )
        for head in compared
    )  # fmt: skip
    return Table(columns, rows)


def _word(head: Head) -> str:
    if head.better is None:
        return "not shown"
    gain = MEASURES[head.measure].oriented(head.difference)
    return difference_words(head.measure, gain)


def _sentence(head: Head) -> str:
    if head.better is None:
        return f"Neither {head.first} nor {head.second} is shown to {_be_more(head.measure)}."
    worse = head.second if head.better == head.first else head.first
    verb = "is" if head.measure == "accuracy" else "has"
    return f"{head.better} {verb} {_more(head.measure)} than {worse}."


def _more(measure: MeasureName) -> str:
    """Say what the better one of two is, or has: more accurate, a lower log loss."""
    if measure == "accuracy":
        return "more accurate"
    own = MEASURES[measure]
    return f"a {'higher' if own.direction == 'maximize' else 'lower'} {own.title}"


def _be_more(measure: MeasureName) -> str:
    return f"{'be' if measure == 'accuracy' else 'have'} {_more(measure)}"


def _on_accuracy(records: Sequence[StudyRecord]) -> tuple[str, ...]:
    titles = list(dict.fromkeys(MEASURES[record.measure].title for record in records))
    if len(titles) < 2:
        return ()
    different = f"{', '.join(titles[:-1])} and {titles[-1]}"
    return (f"They were tuned on {different}, so their winners are compared by accuracy.",)


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
