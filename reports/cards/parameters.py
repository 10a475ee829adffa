"""Cards on the parameters of trials: slices, pairs, parallel coordinates."""

from reports.blocks import Block, Card, Chart, Charts, NotYet
from reports.figures.base import measure_title
from reports.figures.pairs import pair_figure
from reports.figures.parallel import parallel_figure
from reports.figures.slices import slice_figure
from reports.measure_words import column_kind
from reports.numbers import plural, scalar
from reports.record import StudyRecord
from reports.tables import Column, Table
from reports.views.beliefs import graded_beliefs
from reports.views.pairs import Pair, pair_views
from reports.views.parallel import Parallel, parallel_view
from reports.views.slices import Slice, slice_views
from search_spaces.measures import MEASURES, MeasureName

SLICES_AT_ONCE = 9


def slices_card(record: StudyRecord, order: tuple[str, ...]) -> Card:
    """Show each parameter against the measure."""
    views, name = slice_views(record, order), MEASURES[record.measure].title
    title = measure_title(record)
    drawn = [v for v in views if v.dots]
    beliefs = tuple(one.sentence for one in graded_beliefs(record))
    if not drawn:
        return _slices(name, (NotYet("no trial is complete."),), beliefs)
    shared = _shared_range(drawn, record.measure)
    charts = tuple(
        Chart(
            f"slice-{i}",
            slice_figure(view, record.measure, shared, f"validation {name}"),
            f"{view.scale.name} against {title}.",
            _slice_table(view, record.measure, title),
            view.scale.name,
        )
        for i, view in enumerate(drawn)
    )
    blocks: list[Block] = [Charts(charts[:SLICES_AT_ONCE], "grid")]
    if len(charts) > SLICES_AT_ONCE:
        blocks.append(Charts(charts[SLICES_AT_ONCE:], "choice"))
    notes = [*beliefs]
    if len(charts) > SLICES_AT_ONCE:
        notes.append(
            f"The {SLICES_AT_ONCE} most important parameters are shown side by side; choose one of "
            f"the other {len(charts) - SLICES_AT_ONCE} from the list."
        )
    left = max(view.left_out for view in drawn)
    if left:
        notes.append(f"Up to {left:,} trials are left out of each figure, evenly.")
    best = [f"{v.scale.name} {scalar(v.best.value)}" for v in drawn[:6] if v.best]
    finding = f"The best trial has {', '.join(best)}." if best else ""
    return _slices(name, tuple(blocks), tuple(notes), finding)


def _slices(
    name: str, blocks: tuple[Block, ...], notes: tuple[str, ...], finding: str = ""
) -> Card:
    return Card(
        "slices",
        f"How is each parameter related to {name}?",
        "Each dot is a complete trial; its other parameters vary too, so look for a trend, not "
        "a line.",
        blocks,
        notes,
        finding,
    )


def _shared_range(views: list[Slice], measure: MeasureName) -> tuple[float, float]:
    turned = MEASURES[measure].oriented
    scores = sorted(turned(d.reached) for view in views for d in view.dots)
    marked = [turned(d.reached) for view in views for d in (view.baseline, view.best) if d]
    low = min([scores[len(scores) // 10], *marked])
    pad = 0.08 * (scores[-1] - low) or 0.001
    ends = turned(low - pad), turned(scores[-1] + pad)
    return min(ends), max(ends)


def _slice_table(view: Slice, measure: MeasureName, title: str) -> Table:
    columns = (
        Column("trial", "count"),
        Column(view.scale.name, "number"),
        Column(title, column_kind(measure)),
    )
    return Table(columns, tuple((d.number, d.value, d.reached) for d in view.dots))


def pairs_card(record: StudyRecord, order: tuple[str, ...]) -> Card:
    """Show two parameters together, with a choice of pair."""
    title = measure_title(record)
    charts = tuple(
        Chart(
            f"pair-{i}",
            pair_figure(pair, record.measure),
            f"{pair.x.name} and {pair.y.name}: colour is the {title} of nearby trials.",
            _pair_table(pair, record.measure, title),
            f"{pair.x.name} and {pair.y.name}",
        )
        for i, pair in enumerate(pair_views(record, order))
    )
    blocks: tuple[Block, ...] = (Charts(charts, "choice"),)
    if not charts:
        blocks = (NotYet("two parameters and three complete trials are needed."),)
    return Card(
        "pairs",
        "How do two parameters act together?",
        "Empty areas were never tried; a diagonal slope means that the best value of one parameter "
        "depends on the other.",
        blocks,
        ("Colour is a weighted mean of nearby trials, whatever their other parameters are.",)
        if charts
        else (),
        plural(len(charts), "pair of parameters", "pairs of parameters") + ".",
    )


def _pair_table(pair: Pair, measure: MeasureName, title: str) -> Table:
    columns = (
        Column("trial", "count"),
        Column(pair.x.name, "number"),
        Column(pair.y.name, "number"),
        Column(title, column_kind(measure)),
    )
    return Table(columns, tuple((s.number, s.x, s.y, s.value) for s in pair.spots))


def parallel_card(record: StudyRecord, order: tuple[str, ...]) -> Card:
    """Show all parameters of the good trials side by side."""
    view = parallel_view(record, order)
    blocks: tuple[Block, ...] = (NotYet("two parameters and two complete trials are needed."),)
    if len(view.scales) > 1 and sum(len(paths) for _, paths in view.groups) > 1:
        chart = Chart(
            "parallel",
            parallel_figure(view),
            "One line for each complete trial, grouped from the best 10 % to the rest.",
            _parallel_table(view, measure_title(record)),
        )
        blocks = (Charts((chart,)),)
    notes = []
    if view.left_out:
        notes.append(f"{view.left_out:,} complete trials are left out here, evenly.")
    if view.axes_left_out:
        notes.append(f"{plural(view.axes_left_out, 'less important parameter')} not drawn.")
    return Card(
        "parallel",
        "What do good trials have in common?",
        "Where the thick lines meet, good trials agree; press a name above to hide a group.",
        blocks,
        tuple(notes) if isinstance(blocks[0], Charts) else (),
    )


def _parallel_table(view: Parallel, title: str) -> Table:
    columns = (
        Column("trial", "count"),
        Column("group"),
        Column(title, column_kind(view.measure)),
        *(Column(scale.name, "number") for scale in view.scales),
    )
    rows = tuple(
        (
            path.number,
            name,
            path.value,
            *(_value(view, i, place) for i, place in enumerate(path.places)),
        )
        for name, paths in view.groups
        for path in paths
    )
    return Table(columns, rows)


def _value(view: Parallel, i: int, place: float | None) -> str | float | None:
    scale = view.scales[i]
    if place is None:
        return None
    if scale.choices:
        return scalar(scale.choices[min(int(place * len(scale.choices)), len(scale.choices) - 1)])
    return float(f"{scale.value(place):.6g}")
