"""Cards on the search itself."""

from reports.blocks import Block, Card, Chart, Charts, NotYet
from reports.figures.base import accuracy_title
from reports.figures.distribution import distribution_figure
from reports.figures.progress import first_range, progress_figure
from reports.numbers import percent, plural
from reports.record import StudyRecord
from reports.stopped import stopped_words
from reports.tables import Column, Table
from reports.trials import (
    accuracy_of,
    baseline_trial,
    best_trial,
    counted,
    scored,
    trial_name,
)
from reports.views.distribution import distribution
from reports.views.progress import Progress, progress_view
from reports.views.scoring import scoring_notes

# With fewer complete trials there is no distribution to speak of.
MIN_DISTRIBUTED = 3


def progress_card(record: StudyRecord) -> Card:
    """Show how the search came to its best."""
    view = progress_view(record)
    title = accuracy_title(record)
    blocks: tuple[Block, ...] = (NotYet("no trial has an accuracy."),)
    if view.points:
        chart = Chart(
            "progress",
            progress_figure(view, title),
            "Validation accuracy of each trial by its number, the best so far, and the baselines.",
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
    accuracies = [accuracy_of(trial) for trial in scored(record)]
    if len(accuracies) < MIN_DISTRIBUTED:
        return ()
    lines = ((view.own, "$baseline", "dash"), (view.published, "$published", "dot"))
    levels = [(one.name, one.accuracy, colour, dash) for one, colour, dash in lines if one]
    rows = tuple((value, share) for value, share in distribution(accuracies))
    return (
        Chart(
            "distribution",
            distribution_figure([("complete trials", accuracies)], title, levels),
            "Share of the complete trials that reached at most an accuracy (empirical "
            "distribution): the further right, the better the search space.",
            Table((Column(title, "accuracy"), Column("share of the trials", "share")), rows),
            "distribution of accuracies",
        ),
    )


def _finding(record: StudyRecord) -> str:
    best, base = best_trial(record), baseline_trial(record)
    if best is None:
        return ""
    against = f"; the baseline: {percent(base.accuracy)}" if base else ""
    return (
        f"Highest {accuracy_title(record)}: {percent(best.accuracy)}, {trial_name(best)} of "
        f"{plural(len(counted(record)), 'trial')}{against}."
    )


def _end(record: StudyRecord) -> tuple[str, ...]:
    if record.stopped is None:
        return ()
    after = f"{record.stopped.after:,} of {plural(record.trials_asked, 'trial')}"
    return (f"The search ended after {after}: {stopped_words(record.stopped)}.",)


def _table(view: Progress, title: str) -> Table:
    columns = (
        Column("trial", "count"),
        Column("state"),
        Column("origin"),
        Column(title, "accuracy"),
    )
    return Table(columns, tuple((p.number, p.state, p.origin, p.accuracy) for p in view.points))


def _notes(view: Progress) -> tuple[str, ...]:
    notes = []
    if view.points:
        low = first_range(view)[0]
        below = sum(p.accuracy < low for p in view.points)
        if below:
            notes.append(
                f"{plural(below, 'trial')} below {100 * low:.1f} % not in the first view: "
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
            f"is as noisy as theirs, with a noise of {100 * noise.sd:.2f} points (standard "
            f"deviation; {noise.source}). 95 % of such searches stay in it from start to end."
        )
    if view.incomparable:
        notes.append(view.incomparable + " It is not drawn.")
    return tuple(notes)
