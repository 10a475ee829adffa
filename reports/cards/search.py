"""Cards on the search itself."""

from reports.blocks import Block, Card, Chart, Charts, NotYet
from reports.figures.base import measure_title
from reports.figures.distribution import distribution_figure
from reports.figures.progress import first_range, progress_figure
from reports.measure_words import (
    a_value,
    amount_words,
    best_word,
    column_kind,
    value_words,
    values_word,
)
from reports.numbers import plural
from reports.record import StudyRecord
from reports.stopped import stopped_words
from reports.tables import Column, Table
from reports.trial_words import reached_words
from reports.trials import (
    baseline_trial,
    best_trial,
    counted,
    scored,
    trial_name,
    value_of,
)
from reports.views.distribution import distribution
from reports.views.progress import Progress, progress_view
from reports.views.scoring import scoring_notes
from search_spaces.measures import MEASURES

# With fewer complete trials there is no distribution to speak of.
MIN_DISTRIBUTED = 3


def progress_card(record: StudyRecord) -> Card:
    """Show how the search came to its best."""
    view = progress_view(record)
    title = measure_title(record)
    blocks: tuple[Block, ...] = (NotYet(f"no trial has {a_value(record.measure)}."),)
    if view.points:
        chart = Chart(
            "progress",
            progress_figure(view, title),
            f"Validation {MEASURES[record.measure].title} of each trial by its number, the best so "
            "far, and the baselines.",
            _table(view, title),
            "by trial number",
        )
        blocks = (Charts((chart, *_distribution(record, view, title)), "choice"),)
    return Card(
        "progress",
        "How did the search get to its best?",
        "As long as the best-so-far line stays in the luck band, chance alone explains it.",
        blocks,
        (*_end(record), *_notes(view), *scoring_notes(record)),
        _finding(record),
    )


def _distribution(record: StudyRecord, view: Progress, title: str) -> tuple[Chart, ...]:
    values = [value_of(trial) for trial in scored(record)]
    if len(values) < MIN_DISTRIBUTED:
        return ()
    lines = ((view.own, "$baseline", "dash"), (view.published, "$published", "dot"))
    levels = [(one.name, one.value, colour, dash) for one, colour, dash in lines if one]
    side = "right" if MEASURES[record.measure].direction == "maximize" else "left"
    kind = column_kind(record.measure)
    rows = tuple((value, share) for value, share in distribution(values))
    return (
        Chart(
            "distribution",
            distribution_figure([("complete trials", values)], record.measure, title, levels),
            f"Share of the complete trials that reached at most {a_value(record.measure)} "
            f"(empirical distribution): the further {side}, the better the search space.",
            Table((Column(title, kind), Column("share of the trials", "share")), rows),
            f"distribution of {values_word(record.measure)}",
        ),
    )


def _finding(record: StudyRecord) -> str:
    best, base = best_trial(record), baseline_trial(record)
    if best is None:
        return ""
    against = f"; the baseline: {reached_words(record.measure, base)}" if base else ""
    return (
        f"{best_word(record.measure).capitalize()} {measure_title(record)}: "
        f"{reached_words(record.measure, best)}, {trial_name(best)} of "
        f"{plural(len(counted(record)), 'trial')}{against}."
    )


def _end(record: StudyRecord) -> tuple[str, ...]:
    if record.stopped is None:
        return ()
    after = f"{record.stopped.after:,} of {plural(record.trials_asked, 'trial')}"
    return (f"The search ended after {after}: {stopped_words(record.stopped, record.measure)}.",)


def _table(view: Progress, title: str) -> Table:
    columns = (
        Column("trial", "count"),
        Column("state"),
        Column("origin"),
        Column(title, column_kind(view.measure)),
    )
    return Table(columns, tuple((p.number, p.state, p.origin, p.value) for p in view.points))


def _notes(view: Progress) -> tuple[str, ...]:
    notes = []
    if view.points:
        turned = MEASURES[view.measure].oriented
        worst = min(first_range(view), key=turned)
        beyond = sum(turned(p.value) < turned(worst) for p in view.points)
        if beyond:
            side = "below" if MEASURES[view.measure].direction == "maximize" else "above"
            end = value_words(view.measure, worst, 1)
            notes.append(
                f"{plural(beyond, 'trial')} {side} {end} not in the first view: "
                "double-click the figure to see all."
            )
    if view.left_out:
        notes.append(
            f"{view.left_out:,} of {view.left_out + len(view.points):,} trials are left out here "
            "(evenly; every new best is kept). The trial table lists all."
        )
    if view.luck:
        noise = view.luck.noise
        notes.append(
            "Luck band: the best of k trials that are all as good as the baseline, whose own trial "
            f"is as noisy as theirs, with a noise of {amount_words(view.measure, noise.sd)} "
            f"(standard deviation; {noise.source}). 95 % of such searches stay in it from start to "
            "end."
        )
    if view.incomparable:
        notes.append(view.incomparable + " It is not drawn.")
    return tuple(notes)
