"""A queue of jobs: those that are asked for, and those that idle workers do ahead."""

import pytest

from study.config import config_from_params
from study.coordinator.interrupts import Interrupts
from study.coordinator.jobs import JobQueue
from study.engine.results import TrialResult
from study.executors.protocol import Failed, Finished, Job, Lost, Stopped

RESULT = TrialResult(0.9, 0.1, 100, 1, 1, 7, 1.0, "a" * 64, 1)


def job(number):
    return Job(number, config_from_params({}), number, "f", None)


class Scripted:
    """Workers whose jobs end as a script says: each entry is one call of `events`."""

    def __init__(self, slots, *script):
        self.slots = slots
        self.script = list(script)
        self.begun, self.stopped, self.busy = [], [], set()

    def start(self, given):
        assert len(self.busy) < self.slots
        self.busy.add(given.job)
        self.begun.append(given.job)

    def stop(self, number):
        assert number in self.busy
        self.stopped.append(number)

    def events(self, timeout):
        del timeout
        events = self.script.pop(0)
        self.busy -= {event.job for event in events}
        return events


def done(*numbers):
    return [Finished(number, RESULT) for number in numbers]


def test_jobs_ahead_begin_where_no_other_waits_and_do_not_hold_up_the_end():
    executor = Scripted(2, done(0), done(1), done(2))
    heard = []
    ends = JobQueue(executor).run([job(0), job(1), job(2)], heard.append, [job(3), job(4), job(0)])
    assert executor.begun == [0, 1, 2, 3]
    assert list(ends) == [0, 1, 2]
    assert executor.busy == {3}
    assert heard == done(0, 1, 2)


def test_what_runs_ahead_is_taken_up_by_whoever_asks_for_it():
    executor = Scripted(2, done(0), done(1), done(2))
    queue = JobQueue(executor)
    assert list(queue.run([job(0)], ahead=[job(1), job(2)])) == [0]
    assert list(queue.run([job(1), job(2)])) == [1, 2]
    assert executor.begun == [0, 1, 2]


def test_what_was_done_ahead_is_returned_too():
    executor = Scripted(2, done(1), done(0))
    assert set(JobQueue(executor).run([job(0)], ahead=[job(1)])) == {0, 1}


def test_what_nobody_asks_for_any_more_is_stopped_where_another_waits():
    executor = Scripted(2, done(0), [Stopped(1), *done(2)], done(3))
    queue = JobQueue(executor)
    queue.run([job(0)], ahead=[job(1)])
    assert executor.stopped == []
    assert set(queue.run([job(2), job(3)])) == {2, 3}
    assert executor.stopped == [1]


def test_what_is_still_to_come_is_not_stopped():
    executor = Scripted(1, done(0), done(1), done(2))
    executor.slots = 2
    queue = JobQueue(executor)
    queue.run([job(0)], ahead=[job(1)])
    assert set(queue.run([job(2)], ahead=[job(1)])) == {1, 2}
    assert executor.stopped == []
    assert executor.begun == [0, 1, 2]


def test_a_job_that_was_stopped_and_is_asked_for_after_all_begins_again():
    executor = Scripted(2, done(0), done(2), [Stopped(1)], done(1))
    queue = JobQueue(executor)
    queue.run([job(0)], ahead=[job(1)])
    queue.run([job(2)])
    assert executor.stopped == [1]
    assert list(queue.run([job(1)])) == [1]
    assert executor.begun == [0, 1, 2, 1]


def test_a_job_whose_worker_dies_runs_again_twice_and_one_ahead_no_more_often():
    lost = [Lost(1, "it died")]
    executor = Scripted(2, lost, lost, lost, [Lost(0, "it died")], done(0))
    ends = JobQueue(executor).run([job(0)], ahead=[job(1)])
    failed = Failed(1, "it died (attempt 3 of 3)", worth_repeating=True)
    assert ends == {0: done(0)[0], 1: failed}
    assert executor.begun == [0, 1, 1, 1, 0]


def test_stopping_waits_for_the_end_of_all_that_runs_ahead():
    executor = Scripted(3, done(0), [Stopped(1)], done(2))
    queue = JobQueue(executor)
    queue.run([job(0)], ahead=[job(1), job(2)])
    queue.stop_ahead()
    assert executor.stopped == [1, 2]
    assert executor.busy == set()


def test_a_request_to_end_is_heard_between_events():
    interrupts = Interrupts()
    interrupts.add()
    with pytest.raises(KeyboardInterrupt):
        JobQueue(Scripted(1, []), interrupts).run([job(0)])
