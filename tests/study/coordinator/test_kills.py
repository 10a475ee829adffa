"""Workers and the coordinator are killed for real, at random moments; the study stays exact."""

import random
import subprocess
import sys
import textwrap
import time

import psutil
import pytest

from reports.page import render_page
from reports.trials import has_ended
from study.config import config_from_params
from study.engine.seeds import trial_seed
from study.record.snapshot import collect_snapshot
from study.run_dir.paths import RunDirectory

pytestmark = pytest.mark.slow

TRIALS = 60
KILLS = 20

# Sleeps instead of training; the accuracy is a pure function of config and seed.
WORKER = """
import sys, time, hashlib
from dataclasses import dataclass
from pathlib import Path
from study.engine.results import EpochResult, TrialResult
from study.executors.worker_loop import serve

@dataclass
class Slept:
    result: object
    weights: tuple = ()

HERE = Path(__file__).parent

# While there is killing to do few trials may end, so that the study outlasts the kills.
def may_end():
    if (HERE / "killed").exists():
        return True
    trials = HERE / "study" / "trials.jsonl"
    lines = trials.read_bytes() if trials.exists() else b""
    ended = lines.count(b"\\n") - lines.count(b'"lost": true')
    return ended < 3 + 2 * len(list(HERE.glob("kill-*")))

def accuracy(config, seed):
    return int(hashlib.sha256(f"{config.key} {seed}".encode()).hexdigest()[:6], 16) / 2**24

class Sleeper:
    def __init__(self, data):
        pass

    def train(self, config, seed, split, on_epoch, measure):
        top = accuracy(config, seed)
        for epoch in range(1, config.epochs + 1):
            time.sleep(0.05)
            while epoch == config.epochs and not may_end():
                time.sleep(0.05)
            if on_epoch(EpochResult(epoch, 1.0, 1.0, top * epoch / config.epochs, 0.05)):
                return Slept(None)
        n = config.epochs
        return Slept(TrialResult(top, 0.1, 10, n, n, 1, 0.1, "a" * 64, 1))

if __name__ == "__main__":
    serve(int(sys.argv[1]), Sleeper)
"""

OWNER = f"""
import os, sys
from pathlib import Path
from study.coordinator.interrupts import Interrupts
from study.coordinator.callbacks import NoCallbacks
from study.executors.local import LocalExecutor
from study.run_dir.lock import locked
from study.run_dir.plan import find_plan
from functools import partial
from study.data.store import save_training_data
from study.workflows.stages import begin, open_trials, search
from study.workflows.request import Request
from study.run_dir.paths import RunDirectory

here = Path(sys.argv[1])
run = RunDirectory(here / "study")
run.create()
request = Request(dict(space="four", data="digits", folds=1, trials={TRIALS}, seed=4), jobs=3)
with locked(run):
    executor = LocalExecutor(3, run.workers_log, command=(sys.executable, str(here / "worker.py")))
    begun = begin(
        run, find_plan(run), request, os.environ, partial(save_training_data, run.shared_data)
    )
    executor.open_data(run.shared_data)
    storage = open_trials(run, begun.plan, None)
    end = search(run, begun, storage, executor, NoCallbacks(), Interrupts())
    executor.close()
    assert end == "done"
"""


def test_twenty_kills_lose_nothing_and_repeat_nothing(tmp_path):
    (tmp_path / "worker.py").write_text(textwrap.dedent(WORKER))
    (tmp_path / "owner.py").write_text(textwrap.dedent(OWNER))
    chance = random.Random(7)
    kills = {"worker": 0, "coordinator": 0}
    owner = start(tmp_path)
    while sum(kills.values()) < KILLS and owner.poll() is None:
        workers = psutil.Process(owner.pid).children()
        if not workers:
            time.sleep(0.05)
            continue
        time.sleep(chance.uniform(0.0, 1.0))
        is_worker = chance.random() < 0.7
        victim = chance.choice(workers) if is_worker else owner
        try:
            victim.kill()
        except psutil.NoSuchProcess:
            continue
        kills["worker" if is_worker else "coordinator"] += 1
        (tmp_path / f"kill-{sum(kills.values())}").touch()
        if not is_worker:
            owner.wait()
            psutil.wait_procs(workers)
            owner = start(tmp_path)
    (tmp_path / "killed").touch()
    owner.wait()
    subprocess.run(command(tmp_path), check=True)
    check(RunDirectory(tmp_path / "study"), kills)


def command(folder):
    return [sys.executable, str(folder / "owner.py"), str(folder)]


def start(folder):
    return subprocess.Popen(command(folder))


def check(run, kills):
    assert sum(kills.values()) == KILLS
    assert min(kills.values()) > 2
    record = collect_snapshot(run)
    counted = [trial for trial in record.trials if not trial.lost]
    assert len(counted) == TRIALS
    assert all(has_ended(trial) for trial in record.trials)
    assert len({trial.number for trial in record.trials}) == len(record.trials)
    # Every attempt beyond those that count is a lost one that a retry names.
    retried = {trial.retry_of for trial in record.trials if trial.retry_of is not None}
    assert retried == {trial.number for trial in record.trials if trial.lost}
    assert {trial.seed for trial in counted} == {trial_seed(4, order) for order in range(TRIALS)}
    configs = [config_from_params(trial.config) for trial in counted]
    assert len({config.key for config in configs}) == TRIALS
    assert sum(trial.origin == "baseline" for trial in record.trials if trial.retry_of is None) == 1
    scope: dict[str, object] = {"__name__": "worker", "__file__": __file__}
    exec(WORKER, scope)  # noqa: S102 the accuracies that the workers must have reported
    for trial, config in zip(counted, configs, strict=True):
        if trial.state == "complete":
            assert trial.accuracy == scope["accuracy"](config, trial.seed)  # type: ignore[operator]
    best = max(trial.accuracy for trial in counted if trial.state == "complete")
    text = render_page(record)
    assert f"{100 * best:.2f}" in text
