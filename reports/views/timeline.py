"""Which worker trained which trial when."""

from dataclasses import dataclass
from datetime import UTC, datetime

from reports.record import StudyRecord
from reports.views.thinning import thin

SHOWN = 1500


@dataclass(frozen=True)
class Bar:
    """One trial on a worker: start and length in seconds since the study's first start."""

    number: int
    worker: str
    state: str
    start: float
    seconds: float


@dataclass(frozen=True)
class Timeline:
    """Bars in order of start, the whole span, and the share of it that workers were training."""

    bars: tuple[Bar, ...]
    workers: tuple[str, ...]
    span: float
    busy: float
    left_out: int


def timeline_view(record: StudyRecord) -> Timeline:
    """Lay the trials out in time; those without a start or an end are not on it."""
    timed = [
        (trial, moment(trial.started), moment(trial.ended))
        for trial in record.trials
        if trial.started and trial.ended
    ]
    if not timed:
        return Timeline((), (), 0.0, 0.0, 0)
    first = min(start for _, start, _ in timed)
    bars = [
        Bar(
            trial.number,
            trial.worker or "unknown worker",
            "lost" if trial.lost else trial.state,
            (start - first).total_seconds(),
            max(0.0, (end - start).total_seconds()),
        )
        for trial, start, end in timed
    ]
    bars.sort(key=lambda bar: (bar.start, bar.number))
    workers = tuple(sorted({bar.worker for bar in bars}))
    span = max(bar.start + bar.seconds for bar in bars)
    used = sum(bar.seconds for bar in bars)
    # A recycled worker comes back under a new name: the slots are what was there to be used.
    slots = max(1, min(record.jobs, len(workers)))
    busy = min(1.0, used / (span * slots)) if span else 0.0
    kept = thin(bars, SHOWN)
    return Timeline(tuple(kept), workers, span, busy, len(bars) - len(kept))


def moment(text: str | None) -> datetime:
    """Read a time in ISO 8601; one without a zone is UTC."""
    read = datetime.fromisoformat(text or "")
    return read if read.tzinfo else read.replace(tzinfo=UTC)
