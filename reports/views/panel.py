"""What the page must know of each trial, beside its table, to show one or several together."""

from dataclasses import dataclass

from reports.fold_words import trials_title
from reports.measure_words import column_kind
from reports.record import StudyRecord
from reports.tables import Kind
from reports.trial_record import TrialRecord
from reports.trials import (
    baseline_trial,
    counted,
    epoch_value,
    score_of,
    winner_trial,
    winner_word,
)
from search_spaces.measures import MEASURES

# Points of learning curves that a page holds; beyond it those of the better trials are kept.
MOST_POINTS = 150_000

Point = float | None


@dataclass(frozen=True)
class Panel:
    """The searched parameters, the numbers of baseline and winner, and learning curves.

    Curves are of the study's measure on validation rows, called `title`; `column` is its column in
    the table of trials, `kind` how a table writes it, `is_lower_better` its direction.

    `curves` are by trial number, one value an epoch; `left_out` trials have none here.
    """

    parameters: tuple[str, ...]
    title: str
    column: str
    kind: Kind
    is_lower_better: bool
    baseline: int | None
    winner: int | None
    word: str
    curves: dict[int, tuple[Point, ...]]
    left_out: int


def panel_view(record: StudyRecord) -> Panel:
    """Return what a study's page needs to show single trials."""
    base, best = baseline_trial(record), winner_trial(record)
    marked = [trial for trial in (base, best) if trial]
    learned = [t for t in counted(record) if any(_curve(t))]
    learned.sort(key=lambda t: (t not in marked, -score_of(record.measure, t), t.number))
    curves: dict[int, tuple[Point, ...]] = {}
    room = MOST_POINTS
    for trial in learned:
        room -= len(trial.curve)
        if room < 0:
            break
        curves[trial.number] = _curve(trial)
    return Panel(
        parameters=tuple(p.name for p in record.space.parameters),
        title=MEASURES[record.measure].title,
        column=trials_title(record, record.measure),
        kind=column_kind(record.measure),
        is_lower_better=MEASURES[record.measure].direction == "minimize",
        baseline=base.number if base else None,
        winner=best.number if best else None,
        word=winner_word(record),
        curves=dict(sorted(curves.items())),
        left_out=len(learned) - len(curves),
    )


def _curve(trial: TrialRecord) -> tuple[Point, ...]:
    return tuple(epoch_value(epoch) for epoch in trial.curve)
