"""When each trial ran, in seconds that the search had run by then; pauses between runs left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from reports.trial_record import TrialRecord

# Where records have times of day alone: a time without any trial that was a pause, seconds. It is
# longer where a trial was.
_PAUSE_SECONDS = 60.0
# By so much may such a time be longer than the training that it is of, seconds.
_SLACK_SECONDS = 60.0


@dataclass(frozen=True)
class SearchTime:
    """When a trial started and ended, in seconds of the search's own clock."""

    start: float
    end: float


def search_times(trials: Iterable[TrialRecord]) -> dict[int, SearchTime]:
    """Return the time of every trial that started and ended, by its number.

    Older records have no more than times of day: there a long time without any trial counts as a
    pause, and what a clock that was set makes of a trial gives way to the seconds it trained for.
    """
    found: dict[int, SearchTime] = {}
    by_day: dict[int, tuple[datetime, float]] = {}
    for trial in trials:
        if trial.started_after is not None and trial.ended_after is not None:
            found[trial.number] = SearchTime(trial.started_after, trial.ended_after)
        elif trial.started and trial.ended:
            by_day[trial.number] = (_moment(trial.started), _length(trial))
    return _without_pauses(by_day) | found


def _without_pauses(by_day: dict[int, tuple[datetime, float]]) -> dict[int, SearchTime]:
    if not by_day:
        return {}
    shortest = max(_PAUSE_SECONDS, *(length for _, length in by_day.values()))
    first = min(start for start, _ in by_day.values())
    found: dict[int, SearchTime] = {}
    paused = latest = 0.0
    for number, (start, length) in sorted(by_day.items(), key=lambda one: (one[1][0], one[0])):
        begin = (start - first).total_seconds() - paused
        if begin - latest > shortest:
            paused += begin - latest
            begin = latest
        found[number] = SearchTime(begin, begin + length)
        latest = max(latest, begin + length)
    return found


def _length(trial: TrialRecord) -> float:
    """Return for how long a trial ran, seconds; by its times of day unless a clock was set."""
    by_day = (_moment(trial.ended) - _moment(trial.started)).total_seconds()
    trained = trial.seconds if trial.seconds is not None and trial.seconds >= 0 else None
    if trained is not None and not 0 <= by_day <= trained + _SLACK_SECONDS:
        return trained
    return max(0.0, by_day)


def _moment(text: str | None) -> datetime:
    """Read a time in ISO 8601; one without a zone is UTC."""
    read = datetime.fromisoformat(text or "")
    return read if read.tzinfo else read.replace(tzinfo=UTC)
