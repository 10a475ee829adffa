"""Builders for executors: real processes that sleep instead of training, and real data."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from study.config import config_from_params
from study.data.load import load_data
from study.data.store import save_training_data
from study.data.values import Split, TrainingData
from study.executors.local import LocalExecutor
from study.executors.protocol import Event, Failed, Finished, Job, Lost, Stopped

SLEEPER = """
import os, sys, time, signal
from dataclasses import dataclass
from study.engine.results import EpochResult, TrainingError, TrialResult
from study.executors.worker_loop import serve

@dataclass
class Slept:
    result: object
    weights: tuple = ()

class Sleeper:
    def __init__(self, data):
        self.held = []

    def train(self, config, seed, split, on_epoch, measure):
        if seed == 666:
            os.kill(os.getpid(), signal.SIGKILL)
        if seed == 667:
            raise TrainingError("diverged in epoch 1")
        if seed == 668:
            raise ValueError("a bug")
        if seed == 670:
            time.sleep(600)
        if seed == 669:
            self.held.append(b"x" * 200_000_000)
        for epoch in range(1, config.epochs + 1):
            time.sleep(0.05)
            if on_epoch(EpochResult(epoch, 1.0, 1.0, 0.5, 0.05)):
                return Slept(None)
        n = config.epochs
        return Slept(TrialResult(seed / 1000, 0.1, 10, n, n, 1, 0.1, "a" * 64, os.getpid()))

serve(int(sys.argv[1]), Sleeper)
"""


@pytest.fixture(scope="session")
def training() -> TrainingData:
    return load_data("digits", os.environ).training


@pytest.fixture
def sleeper(tmp_path: Path) -> tuple[str, ...]:
    """Return what starts a worker that sleeps 50 ms an epoch; some seeds make it misbehave."""
    script = tmp_path / "sleeper.py"
    script.write_text(SLEEPER)
    return (sys.executable, str(script))


@pytest.fixture
def sleeping(
    tmp_path: Path, training: TrainingData, sleeper: tuple[str, ...]
) -> Iterator[Callable[..., LocalExecutor]]:
    """Start executors whose workers sleep."""
    save_training_data(tmp_path / "data", training)
    begun: list[LocalExecutor] = []

    def start(jobs: int, **asked: object) -> LocalExecutor:
        executor = LocalExecutor(jobs, tmp_path / "log.txt", command=sleeper, **asked)
        executor.open_data(tmp_path / "data")
        begun.append(executor)
        return executor

    yield start
    for executor in begun:
        executor.close()


@pytest.fixture
def make_job(training: TrainingData) -> Callable[..., Job]:
    def make(number: int, seed: int = 5, epochs: int = 2) -> Job:
        config = config_from_params({"epochs": epochs, "width": 8})
        return Job(number, config, seed, training.about.fingerprint, Split(1, 1 / 6))

    return make


@pytest.fixture
def until_end() -> Callable[..., list[Event]]:
    """Collect a job's events up to the one that ends it."""

    def collect(executor: LocalExecutor, job: int) -> list[Event]:
        found: list[Event] = []
        while True:
            for event in executor.events(0.5):
                if event.job == job:
                    found.append(event)
                if event.job == job and isinstance(event, Finished | Failed | Lost | Stopped):
                    return found

    return collect
