"""Which worker trained which trial when."""

from dataclasses import dataclass

from reports.record import StudyRecord
from reports.search_times import search_times
from reports.views.thinning import thin

SHOWN = 1500


@dataclass(frozen=True)
class Bar:
    """One trial on a worker: its start, in seconds of the search, and its length in seconds."""

    number: int
    worker: str
    state: str
    start: float
    seconds: float


@dataclass(frozen=True)
class Timeline:
    """Bars in order of start, the search's seconds, and the share of them that workers trained."""

    bars: tuple[Bar, ...]
    workers: tuple[str, ...]
    span: float
    busy: float
    left_out: int


def timeline_view(record: StudyRecord) -> Timeline:
    """Lay the trials out in time; those without a start or an end are not on it."""
    times = search_times(record.trials)
    if not times:
        return Timeline((), (), 0.0, 0.0, 0)
    first = min(time.start for time in times.values())
    bars = [
        Bar(
            trial.number,
            trial.worker or "unknown worker",
            "lost" if trial.lost else trial.state,
            times[trial.number].start - first,
            times[trial.number].end - times[trial.number].start,
        )
        for trial in record.trials
        if trial.number in times
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
