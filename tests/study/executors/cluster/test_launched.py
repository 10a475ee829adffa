"""A study launches its cluster itself, from a TOML file; the cluster ends with it."""

from pathlib import Path

import psutil
import pytest

from tests.study.executors.cluster.held import let_go

pytestmark = pytest.mark.slow

LOCAL = """
class = "distributed.LocalCluster"
{size}
[options]
n_workers = 0
threads_per_worker = 1
dashboard_address = "127.0.0.1:0"
"""


@pytest.fixture
def written(tmp_path: Path):
    """Write the file of a cluster of this size and return its path."""

    def write(size: str) -> str:
        path = tmp_path / "cluster.toml"
        path.write_text(LOCAL.format(size=size))
        return str(path)

    return write


def test_a_cluster_of_fixed_size_gives_the_trials_of_this_machine_and_ends_with_the_study(
    written, hold, begin, asked_study, answers, trained_alone, tmp_path: Path
) -> None:
    asked = (*asked_study, "--trials", "8", "--cluster", written("workers = 2"))
    study = begin(tmp_path, *asked, trains=True)
    held = hold(lambda: [psutil.Process(study.process.pid)], count=2)
    family = psutil.Process(study.process.pid).children(recursive=True)
    assert len(family) >= 4, "two Dask workers, each with a training process"
    let_go(held)
    code, errors = study.end()
    assert code == 0, errors
    assert answers(study.trials()) == trained_alone
    psutil.wait_procs(family)
    log = study.run.workers_log.read_text()
    assert "worker 1 is tcp://127.0.0.1" in log
    assert "worker 2 is tcp://127.0.0.1" in log


def test_workers_come_and_go_as_dask_sees_fit_and_every_trial_is_reported_once(
    written, hold, wait_until, begin, asked_study, answers, alone, tmp_path: Path, monkeypatch
) -> None:
    # The first trial is held until Dask has started a second worker. The later ones are too short
    # for two by its measure, so much work each, and one leaves; what was running there is lost and
    # runs again.
    monkeypatch.setenv("DASK_DISTRIBUTED__ADAPTIVE__TARGET_DURATION", "15s")
    monkeypatch.setenv("DASK_DISTRIBUTED__ADAPTIVE__INTERVAL", "500ms")
    monkeypatch.setenv("DASK_DISTRIBUTED__ADAPTIVE__WAIT_COUNT", "1")
    size = "adapt = { minimum = 0, maximum = 2 }"
    at = ("--cluster", written(size))
    study = begin(tmp_path, *asked_study, "--trials", "24", *at, quiet=False)
    held = hold(lambda: [psutil.Process(study.process.pid)])
    wait_until(lambda: "worker 2 is tcp://127.0.0.1" in study.run.workers_log.read_text())
    let_go(held)
    code, errors = study.end()
    assert code == 0, errors
    assert answers(study.trials()) == alone[:24]
    # Dask's own lines come between ours.
    ours = [line for line in study.err.read_text().splitlines() if " - distributed." not in line]
    assert ours[0] == "stage 1 of 4: start"
    assert ours[1].startswith("waiting for workers at tcp://127.0.0.1:")
    assert " left\n" in study.run.workers_log.read_text()
