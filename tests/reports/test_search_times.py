"""Durations come from a clock that nobody sets; older records make do with times of day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reports.page import render_page
from reports.record import StudyRecord
from reports.search_times import SearchTime, search_times
from reports.trial_record import TrialRecord
from reports.views.compare import comparable_groups
from reports.views.timeline import timeline_view

MakeRecord = Callable[..., StudyRecord]
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
PAUSE = 76 * 60


def at(trial: TrialRecord, start: float, end: float, **more: Any) -> TrialRecord:
    """Return a trial as older records have it, with times of day alone, seconds after noon."""
    started, ended = ((NOON + timedelta(seconds=seconds)).isoformat() for seconds in (start, end))
    own = {"worker": "w", "started_after": None, "ended_after": None, **more}
    return replace(trial, started=started, ended=ended, **own)


@pytest.mark.parametrize("clock", ["its own", "times of day"])
def test_a_pause_between_runs_is_no_time_without_training(
    clock: str, make_record: MakeRecord
) -> None:
    record = make_record(4, answer=None)
    spans = [(0, 10), (10, 20), (20 + PAUSE, 30 + PAUSE), (30 + PAUSE, 40 + PAUSE)]
    trials = [
        at(trial, *span, state="complete", accuracy=0.9 + number / 100, seconds=9.0)
        for number, (trial, span) in enumerate(zip(record.trials, spans, strict=True))
    ]
    if clock == "its own":
        trials = [
            replace(trial, started_after=100.0 + 10 * number, ended_after=110.0 + 10 * number)
            for number, trial in enumerate(trials)
        ]
    record = replace(record, trials=tuple(trials), jobs=1)

    view = timeline_view(record)
    assert [(bar.start, bar.seconds) for bar in view.bars] == [
        (0.0, 10.0), (10.0, 10.0), (20.0, 10.0), (30.0, 10.0)
    ]  # fmt: skip
    assert (view.span, view.busy) == (40.0, 1.0)
    course = comparable_groups([record])[0].courses[0]
    assert [second for second, _ in course.by_seconds] == [10.0, 20.0, 30.0, 40.0]
    assert "training 100 % of the time of 1 job" in " ".join(render_page(record).split())


def test_a_clock_that_is_set_back_or_forth_makes_no_nonsense(make_record: MakeRecord) -> None:
    record = make_record(3, answer=None)
    first, second, third = record.trials
    trials = (
        at(first, 3600, 3610, seconds=9.0),
        at(second, 3610, 20, seconds=9.5),  # set back by an hour
        at(third, 20, 4000, seconds=8.0),  # and forth again
    )
    assert search_times(trials) == {
        2: SearchTime(0.0, 8.0),
        0: SearchTime(8.0, 18.0),
        1: SearchTime(18.0, 27.5),
    }
    view = timeline_view(replace(record, trials=trials, jobs=1))
    assert (view.span, view.busy) == (27.5, 1.0)


def test_a_short_gap_is_time_without_training(make_record: MakeRecord) -> None:
    first, second = make_record(2, answer=None).trials
    found = search_times([at(first, 0, 10), at(second, 40, 50)])
    assert found == {0: SearchTime(0.0, 10.0), 1: SearchTime(40.0, 50.0)}


def test_trials_that_did_not_end_or_never_started_have_no_time(make_record: MakeRecord) -> None:
    first, second = make_record(2, answer=None).trials
    assert search_times([]) == {}
    assert search_times([replace(at(first, 0, 1), ended=None), replace(second, started=None)]) == {}
