"""Workers in simulated time: trainings take what a law says they take."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from study.engine.results import EpochResult, TrialResult
from study.executors.protocol import EpochEnded, Finished, Lost, Started
from study.machine import Clocks


def work(config):
    """Return the cost of a training relative to the baseline's, with a part that never grows."""
    weights = 9 * config.width + config.width**2
    return 0.1 + 0.9 * config.epochs * weights / (4 * (9 * 128 + 128**2))


@dataclass
class World:
    """Simulated time, and workers in it: the baseline takes `seconds`, later trainings drift."""

    slots: int
    seconds: float
    drift: Callable[[float], float] = lambda _now: 1.0
    now: float = 0.0
    running: list = field(default_factory=list)
    started: list = field(default_factory=list)
    trained: int = 0

    def clocks(self):
        begin = datetime(2026, 1, 1, tzinfo=UTC)
        return Clocks(lambda: self.now, lambda: begin + timedelta(seconds=self.now))

    def start(self, job):
        assert len(self.running) < self.slots
        # On folds it is one on each of them.
        whole = job.split.folds if job.split else 1.2
        took = self.seconds * work(job.config) * whole * self.drift(self.now)
        heapq.heappush(self.running, (self.now + took, job.job, took, job))
        self.started.append(Started(job.job, f"worker {len(self.running)}"))

    def stop(self, job):
        pass

    def kill(self, job):
        self.running = [one for one in self.running if one[1] != job]
        self.started.append(Lost(job, "it was ended"))

    def close(self):
        pass

    def events(self, timeout):
        del timeout
        if self.started:
            seen, self.started = self.started, []
            return seen
        if not self.running:
            self.now += 0.25
            return []
        self.now, number, took, job = heapq.heappop(self.running)
        self.trained += 1
        accuracy = self.accuracy(job)
        n = job.config.epochs
        one = took / n / (job.split.folds if job.split else 1)
        epochs = [
            EpochEnded(number, EpochResult(e, 0.5, 0.5, accuracy, one)) for e in range(1, n + 1)
        ]
        weights = np.array([accuracy, job.seed % 65536, job.config.width], np.float32)
        name = f"{job.config.key}{job.seed:x}".ljust(64, "0")[:64]
        split = accuracy if job.split else None
        result = TrialResult(split, 0.5, 40, n, n, 3, took, name, 1)
        return [*epochs, Finished(number, result, (weights,) if job.keep_weights else None)]

    def accuracy(self, job):
        rng = np.random.default_rng([job.seed, job.config.width])
        return 0.8 + 0.1 * job.config.width / 512 + 0.005 * rng.standard_normal()
