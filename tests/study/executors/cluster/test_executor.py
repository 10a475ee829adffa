"""Jobs on a real Dask cluster: events in order, stops, deaths, comings and goings."""

import os
import shutil
import signal
from importlib.metadata import version
from pathlib import Path

import psutil
import pytest

from search_spaces.faults import FaultError
from study.executors.cluster.executor import ClusterExecutor
from study.executors.cluster.messages import Counts
from study.executors.protocol import EpochEnded, Failed, Finished, Lost, Started, Stopped

pytestmark = pytest.mark.slow


def dask_worker_of(nanny_pid: int) -> psutil.Process:
    """Return the worker process that a nanny keeps."""
    family = psutil.Process(nanny_pid).children(recursive=True)
    return next(one for one in family if "spawn_main" in " ".join(one.cmdline()))


def listen(executor: ClusterExecutor) -> None:
    """Take events until it raises."""
    while True:
        executor.events(0.5)


@pytest.fixture
def executor(shared_cluster, open_on, until) -> ClusterExecutor:
    """An executor on a cluster of one worker with one slot, which has its ends and goes on."""
    opened = open_on(shared_cluster)
    until(opened, lambda: opened.slots == 1)
    return opened


@pytest.fixture
def lone_executor(dask_cluster, open_executor, until) -> ClusterExecutor:
    """An executor on such a cluster of its own."""
    dask_cluster.add_worker()
    opened = open_executor()
    until(opened, lambda: opened.slots == 1)
    return opened


@pytest.fixture
def other_keras(tmp_path: Path) -> str:
    """A place for PYTHONPATH from where Keras looks like version 9.9.9."""
    fake = tmp_path / "site" / "keras-9.9.9.dist-info"
    fake.mkdir(parents=True)
    (fake / "METADATA").write_text("Metadata-Version: 2.1\nName: keras\nVersion: 9.9.9\n")
    return str(fake.parent)


def test_events_of_a_job_come_in_order(executor, make_job, until_end) -> None:
    executor.start(make_job(3, seed=42, epochs=3))
    started, *epochs, end = until_end(executor, 3)
    assert started == Started(3, "worker 1, slot 1")
    assert [(type(event), event.result.epoch) for event in epochs] == [
        (EpochEnded, 1),
        (EpochEnded, 2),
        (EpochEnded, 3),
    ]
    assert isinstance(end, Finished)
    assert end.result.accuracy == 0.042


def test_a_workers_threads_are_its_slots_and_its_processes_stay_warm(
    dask_cluster, open_executor, make_job, until
) -> None:
    dask_cluster.add_worker(threads=2)
    executor = open_executor()
    until(executor, lambda: executor.slots == 2)
    places, pids = set(), set()
    for first in (0, 2):
        executor.start(make_job(first, epochs=20))
        executor.start(make_job(first + 1, epochs=20))
        ends = {}
        while len(ends) < 2:
            for event in executor.events(0.5):
                if isinstance(event, Started):
                    places.add(event.worker)
                elif isinstance(event, Finished):
                    ends[event.job] = event
        pids |= {end.result.peak_bytes for end in ends.values()}
    assert places == {"worker 1, slot 1", "worker 1, slot 2"}
    assert len(pids) == 2


def test_a_stopped_job_is_over_at_once_and_its_process_takes_the_next(
    executor, make_job, until_end
) -> None:
    executor.start(make_job(1, epochs=2))
    pid = until_end(executor, 1)[-1].result.peak_bytes
    executor.start(make_job(2, epochs=1000))
    while not any(isinstance(event, EpochEnded) for event in executor.events(0.5)):
        pass
    executor.stop(2)
    assert executor.events(0.0)[-1] == Stopped(2)
    executor.start(make_job(3, epochs=2))
    end = until_end(executor, 3)[-1]
    assert isinstance(end, Finished)
    assert end.result.peak_bytes == pid
    assert executor.events(0.3) == []


def test_a_hung_job_is_given_up_and_its_process_ended(executor, make_job, until_end) -> None:
    executor.start(make_job(1, seed=670))
    while not executor.events(0.5):
        pass
    executor.kill(1)
    assert executor.events(0.0) == [Lost(1, "it was ended")]
    executor.start(make_job(2))
    assert isinstance(until_end(executor, 2)[-1], Finished)


@pytest.mark.parametrize(
    ("seed", "end"),
    [
        (667, Failed(1, "diverged in epoch 1")),
        (668, Failed(1, "bug: ValueError: a bug")),
    ],
)
def test_a_training_that_fails_says_why_and_its_traceback_is_in_the_coordinators_log(
    executor, make_job, until_end, seed, end, tmp_path: Path
) -> None:
    executor.start(make_job(1, seed=seed))
    assert until_end(executor, 1)[-1] == end
    log = (tmp_path / "log.txt").read_text()
    assert ("ValueError: a bug" in log) == (seed == 668)


def test_a_training_process_that_dies_is_lost(executor, make_job, until_end) -> None:
    executor.start(make_job(1, seed=666))
    lost = until_end(executor, 1)[-1]
    assert isinstance(lost, Lost)
    assert "was killed by SIGKILL" in lost.reason
    executor.start(make_job(1))
    assert isinstance(until_end(executor, 1)[-1], Finished)


def test_a_killed_worker_loses_its_job_and_comes_back(
    lone_executor, dask_cluster, make_job, until_end
) -> None:
    nanny = dask_cluster.workers[0]
    lone_executor.start(make_job(1, epochs=1000))
    while not any(isinstance(event, EpochEnded) for event in lone_executor.events(0.5)):
        pass
    dask_worker_of(nanny.pid).kill()
    assert until_end(lone_executor, 1)[-1] == Lost(1, "worker 1 was lost")
    lone_executor.start(make_job(2))
    events = until_end(lone_executor, 2)
    assert events[0] == Started(2, "worker 2, slot 1")
    assert isinstance(events[-1], Finished)
    assert lone_executor.events(1.0) == [], "nothing of the lost job is heard again"


def test_workers_may_come_late(dask_cluster, open_executor, make_job, until_end, until) -> None:
    executor = open_executor()
    assert executor.slots == 0
    assert dask_cluster.said == [f"waiting for workers at {dask_cluster.address}"]
    dask_cluster.add_worker()
    until(executor, lambda: executor.slots == 1)
    dask_cluster.add_worker(threads=2)
    until(executor, lambda: executor.slots == 3)
    executor.start(make_job(1))
    assert isinstance(until_end(executor, 1)[-1], Finished)


def test_more_jobs_may_be_placed_than_there_are_slots(
    dask_cluster, open_executor, make_job
) -> None:
    executor = open_executor(jobs=4)
    assert executor.slots == 4
    for number in range(4):
        executor.start(make_job(number))
    executor.stop(2)
    dask_cluster.add_worker()
    ends = {}
    while len(ends) < 4:
        for event in executor.events(0.5):
            if isinstance(event, Finished | Stopped):
                ends[event.job] = type(event)
    assert ends == {0: Finished, 1: Finished, 2: Stopped, 3: Finished}


def test_a_scheduler_that_is_gone_is_reported_at_once(
    lone_executor, dask_cluster, make_job
) -> None:
    lone_executor.start(make_job(1, epochs=1000))
    os.killpg(dask_cluster.scheduler.pid, signal.SIGKILL)
    with pytest.raises(FaultError) as caught:
        listen(lone_executor)
    what = "the cluster's scheduler is gone; all that was recorded is kept"
    assert str(caught.value) == f"{dask_cluster.address}: {what}"


def test_a_connection_that_broke_is_reported_even_if_dask_connects_again(
    executor, make_job, wait_until
) -> None:
    executor.start(make_job(1, epochs=1000))
    client = executor._connection.client
    line = client.scheduler_comm
    client.loop.add_callback(line.comm.abort)
    wait_until(lambda: client.status == "running" and client.scheduler_comm is not line)
    with pytest.raises(FaultError, match="scheduler is gone; all that was recorded is kept"):
        listen(executor)


def test_training_processes_end_when_the_coordinator_is_cut_off(
    executor, make_job, until_end, wait_until
) -> None:
    executor.start(make_job(1))
    process = psutil.Process(until_end(executor, 1)[-1].result.peak_bytes)
    client = executor._connection.client
    line = client.scheduler_comm
    client.loop.add_callback(line.comm.abort)
    wait_until(lambda: not process.is_running())
    # Dask leaves a socket open where it is ended while it connects again.
    wait_until(lambda: client.status == "running" and client.scheduler_comm is not line)


def test_training_processes_end_when_the_study_takes_leave(
    executor, shared_cluster, make_job, until_end, wait_until
) -> None:
    nanny = shared_cluster.workers[0]
    executor.start(make_job(1))
    pid = until_end(executor, 1)[-1].result.peak_bytes
    assert psutil.pid_exists(pid)
    executor.close()
    wait_until(lambda: not psutil.pid_exists(pid))
    assert nanny.poll() is None, "the worker itself is not ours to end"


def test_a_worker_of_other_versions_is_refused_and_the_rest_goes_on(
    lone_executor, dask_cluster, make_job, until_end, until, other_keras
) -> None:
    dask_cluster.add_worker(threads=4, PYTHONPATH=other_keras)
    until(lone_executor, lambda: lone_executor.members.refused != {})
    (reason,) = lone_executor.members.refused.values()
    assert reason == f"keras is 9.9.9 here and {version('keras')} at the coordinator"
    assert dask_cluster.said[-1].endswith(f"was refused: {reason}")
    assert lone_executor.slots == 1
    for number in range(3):
        lone_executor.start(make_job(number))
        assert isinstance(until_end(lone_executor, number)[-1], Finished)


def test_a_study_whose_workers_are_all_refused_ends_with_the_reason(
    dask_cluster, open_executor, other_keras
) -> None:
    dask_cluster.add_worker(PYTHONPATH=other_keras)
    with pytest.raises(FaultError, match=r"tcp://.*: keras is 9\.9\.9 here and .* coordinator"):
        listen(open_executor())


def test_a_worker_with_other_kernels_is_refused(dask_cluster, open_executor) -> None:
    dask_cluster.add_worker(TF_ENABLE_ONEDNN_OPTS="1")
    with pytest.raises(FaultError, match=r": oneDNN is on here and off at the coordinator"):
        listen(open_executor())


def hidden(folder: Path) -> tuple[str, ...]:
    """Return a command that runs another where this folder is empty."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("hiding a folder from one process needs root and unshare")
    hide = f'mount -t tmpfs none "{folder}" && exec "$@"'
    return ("unshare", "--mount", "--propagation", "private", "sh", "-c", hide, "sh")


def test_data_is_read_or_sent_once_a_worker_and_never_again(
    lone_executor, dask_cluster, make_job, until, tmp_path: Path
) -> None:
    dask_cluster.add_worker(within=hidden(tmp_path / "data"))
    until(lone_executor, lambda: lone_executor.slots == 2)
    waiting, running, workers = list(range(12)), set(), set()
    while waiting or running:
        while waiting and len(running) < 2:
            running.add(waiting[0])
            lone_executor.start(make_job(waiting.pop(0), epochs=10))
        for event in lone_executor.events(0.5):
            if isinstance(event, Started):
                workers.add(event.worker)
            elif isinstance(event, Finished):
                running.remove(event.job)
    assert workers == {"worker 1, slot 1", "worker 2, slot 1"}
    counts = {member.name: member.counts for member in lone_executor.members.present.values()}
    assert counts == {"worker 1": Counts(reads=1), "worker 2": Counts(receipts=1)}
