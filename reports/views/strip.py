"""The seeds behind the answer: one row a candidate, one point a training."""

from dataclasses import dataclass, replace

from reports.record import Retraining, StudyRecord
from reports.statistics.intervals import of_one_trial
from reports.trials import BASELINE, baseline_trial, best_trial, reached, scored, value_of
from reports.views.published import incomparable
from reports.views.published_interval import of_published
from reports.views.thinning import thin

SHOWN = 300


@dataclass(frozen=True)
class Run:
    """One training: seed (None where it is unknown) and its value of the study's measure."""

    seed: int | None
    value: float


@dataclass(frozen=True)
class Row:
    """One candidate: what it is, its split and n, its runs, and an interval where it has one."""

    name: str
    kind: str
    split: str
    n: int
    runs: tuple[Run, ...]
    low: float | None = None
    high: float | None = None

    @property
    def mean(self) -> float:
        """Return the mean of the runs."""
        return sum(run.value for run in self.runs) / len(self.runs)


def strip_view(record: StudyRecord) -> tuple[Row, ...]:
    """Return the rows from top to bottom; empty where nothing has a value."""
    rows = _confirmed_rows(record) or _validation_rows(record)
    published = record.space.baseline.published
    if rows and published is not None and not incomparable(record):
        own = of_published(published)
        run = Run(None, published.number)
        name, split = "published baseline", published.split
        row = Row(name, "published", split, published.n, (run,), *own)
        rows = (*rows, row)
    return rows


def _confirmed_rows(record: StudyRecord) -> tuple[Row, ...]:
    confirmation = record.confirmation
    if confirmation is None:
        return ()
    final = [r for r in confirmation.retrainings if r.split == "test" and r.accuracy is not None]
    names = list(dict.fromkeys(r.candidate for r in final))
    first = {confirmation.winner: 0, BASELINE: 1}
    names.sort(key=lambda name: first.get(name, 2))
    kinds = {confirmation.winner: "winner", BASELINE: "baseline"}
    rows = [
        _row(name, kinds.get(name, "other"), [r for r in final if r.candidate == name])
        for name in names
    ]
    return tuple(rows)


def _row(name: str, kind: str, runs: list[Retraining]) -> Row:
    trainings = tuple(Run(r.seed, value) for r in runs if (value := reached(r)) is not None)
    name = {"winner": f"{name} (winner)", "baseline": "baseline, re-run here"}.get(kind, name)
    return Row(name, kind, "test", runs[0].n, trainings)


def _validation_rows(record: StudyRecord) -> tuple[Row, ...]:
    best, base = best_trial(record), baseline_trial(record)
    if best is None:
        return ()
    rows = [_single(f"best so far (trial {best.number})", "winner", record, best.number)]
    if base is not None and base.number != best.number:
        rows.append(_single("baseline, re-run here", "baseline", record, base.number))
    others = [t for t in scored(record) if t not in (best, base)]
    if others:
        shown = thin(others, SHOWN)
        runs = tuple(Run(t.seed, value_of(t)) for t in shown)
        name = "all other trials" if len(shown) == len(others) else f"{SHOWN} of the other trials"
        rows.append(Row(name, "other", others[0].split, others[0].n, runs))
    return tuple(rows)


def _single(name: str, kind: str, record: StudyRecord, number: int) -> Row:
    trial = next(t for t in record.trials if t.number == number)
    run = Run(trial.seed, value_of(trial))
    row = Row(name, kind, trial.split, trial.n, (run,))
    ends = of_one_trial(trial)
    return replace(row, low=ends[0], high=ends[1]) if ends else row
