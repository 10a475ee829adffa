"""Local workers are real processes: they are killed here for real."""

import os
import signal
import subprocess
import sys
import textwrap

import psutil
import pytest

from search_spaces.faults import FaultError
from study.coordinator.jobs import run_jobs
from study.executors.local import LocalExecutor
from study.executors.protocol import EpochEnded, Failed, Finished, Lost, Started, Stopped

pytestmark = pytest.mark.slow


def workers_of(pid=None):
    """Return the workers of a process; each must be ready: a new one has no command line yet."""
    children = psutil.Process(pid).children()
    return [child for child in children if "sleeper.py" in " ".join(child.cmdline())]


def wait_for_ever(executor):
    while True:
        executor.events(0.5)


def test_a_job_brings_its_events_in_order(sleeping, make_job, until_end):
    executor = sleeping(1)
    executor.start(make_job(3, seed=500))
    events = until_end(executor, 3)
    kinds = [type(event) for event in events]
    assert kinds == [Started, EpochEnded, EpochEnded, Finished]
    assert events[0] == Started(3, "worker 1")
    assert events[-1].result.accuracy == 0.5


def test_a_stopped_job_ends_after_its_epoch_and_its_number_may_be_used_again(
    sleeping, make_job, until_end
):
    executor = sleeping(1)
    executor.start(make_job(1, epochs=1000))
    executor.stop(1)
    assert until_end(executor, 1)[-1] == Stopped(1)
    executor.start(make_job(1))
    assert isinstance(until_end(executor, 1)[-1], Finished)


def test_a_killed_worker_loses_its_job_alone_and_is_replaced(sleeping, make_job, until_end):
    executor = sleeping(2)
    executor.start(make_job(1, epochs=1000))
    executor.start(make_job(2, epochs=20))
    executor.kill(1)
    lost = until_end(executor, 1)[-1]
    assert isinstance(lost, Lost)
    assert lost.reason.endswith("was killed by SIGKILL")
    assert isinstance(until_end(executor, 2)[-1], Finished)
    executor.start(make_job(3))
    executor.start(make_job(4))
    assert isinstance(until_end(executor, 3)[-1], Finished)


def test_what_a_training_says_of_itself_is_a_failure_and_so_is_a_bug(
    sleeping, make_job, until_end, tmp_path
):
    executor = sleeping(1)
    executor.start(make_job(1, seed=667))
    assert until_end(executor, 1)[-1] == Failed(1, "diverged in epoch 1")
    executor.start(make_job(2, seed=668))
    assert until_end(executor, 2)[-1] == Failed(2, "bug: ValueError: a bug")
    log = (tmp_path / "log.txt").read_text()
    assert "Traceback (most recent call last)" in log
    assert 'raise ValueError("a bug")' in log


def test_jobs_whose_workers_die_run_again_at_most_twice(sleeping, make_job):
    executor = sleeping(2)
    ends = run_jobs(executor, [make_job(0), make_job(1, seed=666), make_job(2)])
    assert isinstance(ends[0], Finished)
    assert isinstance(ends[2], Finished)
    assert isinstance(ends[1], Failed)
    assert ends[1].reason.endswith("was killed by SIGKILL (attempt 3 of 3)")


def test_a_worker_whose_memory_grew_is_replaced_after_its_job(sleeping, make_job, until_end):
    executor = sleeping(1, memory_limit=150_000_000)
    pids = []
    for number, seed in enumerate((5, 5, 669, 5)):
        executor.start(make_job(number, seed=seed))
        finished = until_end(executor, number)[-1]
        assert isinstance(finished, Finished)
        pids.append(finished.result.peak_bytes)  # the sleeper tells its process id here
    assert pids[0] == pids[1] == pids[2] != pids[3]


def test_closing_ends_every_worker(sleeping):
    executor = sleeping(3)
    while not executor.all_ready:
        executor.events(0.2)
    before = workers_of()
    assert len(before) == 3
    executor.close()
    psutil.wait_procs(before)


def test_workers_that_cannot_start_are_one_fault(tmp_path):
    command = (sys.executable, "-c", "import sys; sys.exit(3)")
    executor = LocalExecutor(1, tmp_path / "log.txt", command=command)
    with pytest.raises(FaultError) as caught:
        wait_for_ever(executor)
    what = "workers do not start: ended with exit code 3; what they said is in the log"
    assert str(caught.value) == f"{tmp_path / 'log.txt'}: {what}"
    executor.close()


def test_workers_end_within_seconds_when_their_coordinator_is_killed(tmp_path, sleeping):
    sleeping(1).close()  # writes script and data
    owner = tmp_path / "owner.py"
    owner.write_text(
        textwrap.dedent(
            f"""
            import sys
            from pathlib import Path
            from study.executors.local import LocalExecutor
            here = Path({str(tmp_path)!r})
            executor = LocalExecutor(
                2, here / "log.txt", command=(sys.executable, str(here / "sleeper.py"))
            )
            executor.open_data(here / "data")
            while not executor.all_ready:
                executor.events(0.2)
            print("ready", flush=True)
            executor.events(60)
            """
        )
    )
    with subprocess.Popen([sys.executable, str(owner)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        workers = workers_of(process.pid)
        assert len(workers) == 2
        os.kill(process.pid, signal.SIGKILL)
    psutil.wait_procs(workers)
