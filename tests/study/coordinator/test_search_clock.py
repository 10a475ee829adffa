"""A search's seconds go on from run to run; no pause and no clock that is set changes them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

import pytest

from reports.search_times import search_times
from study.coordinator.interrupts import Interrupts
from study.machine import Clocks

pytestmark = pytest.mark.slow

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Time:
    """Clocks that go on by a second whenever they are read; `of_day` is set like a wall clock."""

    def __init__(self, seconds: float, of_day: datetime) -> None:
        self._ticks: Iterator[int] = count()
        self._seconds = seconds
        self.of_day = of_day

    @property
    def clocks(self) -> Clocks:
        return Clocks(lambda: self._seconds + next(self._ticks), lambda: self.of_day)


def stop_after(running, trials):
    interrupts = Interrupts()

    def count_ends(_event):
        if len(running.started) == trials:
            interrupts.add()

    running.after = count_ends
    return interrupts


@pytest.mark.parametrize("jump", [timedelta(minutes=76), timedelta(hours=-1), timedelta()])
def test_what_happens_between_two_runs_is_no_time_of_the_search(jump, make_study, executor):
    study = make_study(trials=6)
    running = executor()
    first = Time(1000.0, NOON)
    assert study.run(running, stop_after(running, 4), clocks=first.clocks) == "interrupted"
    before = search_times(study.records())
    second = Time(5.0, NOON + jump)  # the machine was started again meanwhile
    assert study.run(executor(), clocks=second.clocks) == "done"

    times = search_times(study.records())
    assert {number: times[number] for number in before} == before
    assert times[0].start == 0.0
    # The first trial of the second run starts where the last that was recorded ended.
    assert times[len(before)].start == max(time.end for time in before.values())
    ordered = [times[number] for number in range(6)]
    for trial, after in pairwise(ordered):
        assert trial.start < trial.end <= after.start
        assert after.start - trial.end < 10


def test_a_clock_that_is_set_back_in_mid_trial_changes_no_duration(make_study, executor):
    study = make_study(trials=3)
    running = executor(fail=lambda job: "it did" if job.job == 1 else None)
    time = Time(0.0, NOON)

    def set_back(_event):
        time.of_day -= timedelta(hours=1)

    running.after = set_back
    assert study.run(running, clocks=time.clocks) == "done"
    for record in study.records():
        begun, ended = (datetime.fromisoformat(text) for text in (record.started, record.ended))
        assert ended - begun == timedelta(seconds=record.ended_after - record.started_after)
        assert record.ended_after > record.started_after
    assert study.records()[1].seconds == pytest.approx(
        study.records()[1].ended_after - study.records()[1].started_after
    )
    for trial in study.shown():
        assert trial.duration > timedelta(0)
