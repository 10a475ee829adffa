"""Jobs that end before their worker came, with a cluster and a queue that the tests fill."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from study.executors.cluster.job_watch import JobWatch, watched


@dataclass
class FakeJob:
    job_id: str
    log_directory: str | None = "/logs"


@dataclass
class FakeCluster:
    """What the watch knows of Dask's cluster: jobs, plans and workers by name."""

    workers: dict[str, FakeJob] = field(default_factory=dict)
    worker_spec: dict[str, Any] = field(default_factory=dict)
    scheduler_info: dict[str, Any] = field(default_factory=lambda: {"workers": {}})

    def submit(self, name: str, job: str) -> None:
        self.worker_spec[name] = {}
        self.workers[name] = FakeJob(job)

    def come(self, worker: str) -> None:
        self.scheduler_info["workers"][f"tls://{worker}"] = {"name": worker}


class Queue:
    """Lists jobs, or fails."""

    def __init__(self, *jobs: str) -> None:
        self.jobs = set(jobs)
        self.asked = 0
        self.fault: Exception | None = None

    def __call__(self) -> set[str]:
        self.asked += 1
        if self.fault is not None:
            raise self.fault
        return self.jobs


@pytest.fixture
def cluster() -> FakeCluster:
    """A cluster with one job, number 1, for the worker `a`."""
    cluster = FakeCluster()
    cluster.submit("a", "1")
    return cluster


def look(watch: JobWatch, times: int = 1) -> None:
    for _ in range(times):
        asyncio.run(watch.look())


def test_a_job_that_the_queue_still_has_may_take_its_time(cluster) -> None:
    watch = JobWatch(cluster, Queue("1"))
    look(watch, 10)
    assert list(cluster.workers) == ["a"]
    assert watch.given_up() is None


def test_a_job_that_left_the_queue_without_a_worker_is_forgotten(cluster, caplog) -> None:
    cluster.submit("b", "2")
    watch = JobWatch(cluster, Queue("2"))
    look(watch)
    assert list(cluster.workers) == ["b"]
    assert caplog.messages == ["job 1 ended before its worker came"]


@pytest.mark.parametrize("worker", ["a", "a-0"], ids=["of one worker", "of several workers"])
def test_a_job_whose_worker_came_is_dasks_own_also_when_the_worker_has_left(
    cluster, worker
) -> None:
    queue = Queue()
    watch = JobWatch(cluster, queue)
    cluster.come(worker)
    look(watch)
    cluster.scheduler_info["workers"].clear()
    look(watch)
    assert list(cluster.workers) == ["a"]
    assert queue.asked == 0


def test_a_worker_with_a_longer_name_is_another_jobs(cluster) -> None:
    watch = JobWatch(cluster, Queue())
    cluster.come("a1")
    look(watch)
    assert cluster.workers == {}


def test_a_job_that_dask_is_ending_is_left_to_it(cluster) -> None:
    watch = JobWatch(cluster, Queue())
    cluster.worker_spec.clear()
    look(watch)
    assert list(cluster.workers) == ["a"]
    assert watch.given_up() is None


@pytest.mark.parametrize("fault", [FileNotFoundError("no squeue"), TimeoutError("no answer")])
def test_a_queue_that_does_not_answer_is_asked_again(cluster, caplog, fault) -> None:
    queue = Queue()
    queue.fault = fault
    watch = JobWatch(cluster, queue)
    look(watch, 5)
    assert list(cluster.workers) == ["a"]
    assert caplog.messages == [f"the queue did not list its jobs: {fault}"] * 5
    queue.fault = None
    look(watch)
    assert cluster.workers == {}


def test_after_three_rounds_without_a_worker_jobs_are_left_as_they_are(cluster) -> None:
    watch = JobWatch(cluster, Queue())
    for number in ("2", "3"):
        look(watch)
        assert watch.given_up() is None
        cluster.submit("a", number)
    look(watch, 2)
    assert cluster.workers == {"a": FakeJob("3")}
    assert watch.given_up() == (
        "no job of FakeCluster started a worker, 3 times in a row; their output is in /logs"
    )


def test_a_worker_that_comes_after_all_gives_new_hope(cluster) -> None:
    queue = Queue()
    watch = JobWatch(cluster, queue)
    for number in ("2", "3", "4"):
        look(watch)
        cluster.submit("a", number)
    assert watch.given_up() is not None
    cluster.come("a")
    look(watch)
    assert watch.given_up() is None


def test_a_cluster_without_jobs_is_not_watched() -> None:
    with watched(FakeCluster()) as given_up:
        assert given_up() is None
