"""Schedulers and coordinators that die, and studies that go on as if they had not."""

import os
import shlex
import signal

import psutil
import pytest

from tests.study.executors.cluster.held import let_go

pytestmark = pytest.mark.slow


@pytest.fixture
def hold_on(hold):
    """Return what stops the trainings on a cluster: `hold_on(cluster)`."""
    return lambda cluster: hold(lambda: [psutil.Process(one.pid) for one in cluster.workers])


def test_a_study_that_is_interrupted_and_loses_its_scheduler_says_so_and_goes_on(
    dask_cluster, lasting_cluster, hold_on, begin, asked_study, alone, answers, tmp_path
):
    worker, runs = dask_cluster.add_worker(), tmp_path / "runs"
    at = ("--cluster", dask_cluster.address)
    study = begin(runs, *asked_study, "--trials", "9", *at)
    study.until_asked(3)
    hold_on(dask_cluster)
    study.process.send_signal(signal.SIGINT)
    how = f"To continue: dense-study resume s {shlex.join(at)} --runs-dir {runs}"
    assert study.end() == (130, [f"Stopped; all that was recorded is kept. {how}"])

    second = begin(runs, "resume", "s", *at)
    second.until_asked(6)
    hold_on(dask_cluster)
    os.killpg(dask_cluster.scheduler.pid, signal.SIGKILL)
    what = "the cluster's scheduler is gone; all that was recorded is kept"
    assert second.end() == (1, [f"Error: {dask_cluster.address}: {what}"])
    ended = answers(second.trials())
    assert len(ended) > 2
    assert ended == alone[: len(ended)]
    worker.wait()

    third = begin(runs, "resume", "s", "--cluster", lasting_cluster.address)
    assert third.end() == (0, [])
    assert [one.number for one in third.trials()] == list(range(9))
    assert answers(third.trials()) == alone[:9]


def test_a_study_whose_coordinator_is_killed_goes_on_from_postgresql_alone(
    lasting_cluster, hold_on, begin, asked_study, alone, answers, database, tmp_path
):
    at = ("--cluster", lasting_cluster.address, "--storage", database)
    study = begin(tmp_path / "here", *asked_study, "--trials", "9", *at)
    study.until_asked(6)
    held = hold_on(lasting_cluster)
    study.process.kill()
    study.end()
    let_go(held)
    ended = answers(study.trials(database))
    assert ended
    again = begin(tmp_path / "elsewhere", "resume", "s", *at)
    assert again.end() == (0, [])
    trials = again.trials(database)
    assert [one.number for one in trials] == list(range(9))
    assert answers(trials) == alone[:9]
