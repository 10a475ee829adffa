"""Replayed studies: the product's own search, whose trainings a table's world answers."""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from parts.table_world import TableWorld

from reports.trial_record import TrialRecord
from search_spaces.space import Space
from study.budget.search_budget import SearchLimit, UnderWay
from study.config import TrainConfig
from study.coordinator.asked_trials import AskedTrial
from study.coordinator.callbacks import NoCallbacks
from study.coordinator.history import History
from study.coordinator.interrupts import Interrupts
from study.coordinator.search import SearchTask, run_search
from study.coordinator.trial_log import TrialLog
from study.engine.results import EpochResult, TrialResult
from study.executors.own_config import Config
from study.executors.protocol import EpochEnded, Event, Finished, Job, Started, Stopped
from study.run_dir.plan import Plan

# A replayed search does not open the test split; this is how many images it would have.
TEST_N = 10_000


@dataclass(frozen=True)
class Replay:
    """A replayed search, by trial: epochs trained, true accuracy of its config, and seen accuracy.

    What is seen of a trial that was stopped is no number, since its config cannot win.
    """

    epochs: NDArray[np.int64]
    true: NDArray[np.float64]
    seen: NDArray[np.float64]
    records: tuple[TrialRecord, ...] = ()

    def picked(self, trials: int) -> float:
        """Return the true accuracy of the best of the first trials, by what was seen of them."""
        return float(self.true[np.nanargmax(self.seen[:trials])])

    def picked_within(self, epochs: float) -> float:
        """Return the same for as many trials as fit into so many epochs of training, one at least.

        No trial that has not ended by then can be picked.
        """
        fit = int(np.searchsorted(np.cumsum(self.epochs), epochs, side="right"))
        return self.picked(max(1, fit))


class EpochLimit:
    """Let a search start trials until it has trained so many epochs and so many trials."""

    def __init__(self, epochs: float, trials: int = 30) -> None:
        self._epochs, self._trials = epochs, trials
        self._spent = self._ended = 0

    @property
    def is_over(self) -> bool:
        """Tell whether both are reached."""
        return self._spent >= self._epochs and self._ended >= self._trials

    def may_ask(self, running: int) -> bool:
        """Tell whether another trial may be suggested."""
        del running
        return not self.is_over

    def fits(self, config: Config, under_way: UnderWay) -> bool:
        """Let every config start."""
        del config, under_way
        return True

    def take(self, config: Config, record: TrialRecord) -> None:
        """Take in what a trial trained."""
        del config
        self._spent += len(record.curve)
        self._ended += 1


class _Answering:
    """An executor with one slot, that answers a job's epochs one by one from a world."""

    slots = 1

    def __init__(self, world: TableWorld) -> None:
        self._world = world
        self._events: deque[Event] = deque()

    def start(self, job: Job) -> None:
        """Lay out what the job's training will say."""
        assert isinstance(job.config, TrainConfig)
        curve = self._world.curve(job.config, job.seed)
        self._events.append(Started(job.job, "table"))
        for epoch, accuracy in enumerate(curve, 1):
            reached = EpochResult(epoch, 0.1, 0.1, float(accuracy), 0.0)
            self._events.append(EpochEnded(job.job, reached))
        epochs, last = len(curve), float(curve[-1])
        result = TrialResult(last, 0.1, self._world.n, epochs, epochs, 1, 0.0, "0" * 64, 1)
        self._events.append(Finished(job.job, result))

    def stop(self, job: int) -> None:
        """Leave out what the training would have said from now on."""
        self._events.clear()
        self._events.append(Stopped(job))

    def kill(self, job: int) -> None:
        """Do as `stop` does: nobody asks for it here."""
        self.stop(job)

    def events(self, timeout: float) -> list[Event]:
        """Return the next event."""
        del timeout
        return [self._events.popleft()]

    def close(self) -> None:
        """Do nothing."""


class _MemoryLog(TrialLog):
    """A log that keeps a study's trials in memory: a replay is never resumed."""

    def __init__(self) -> None:
        self.trials: list[AskedTrial] = []
        self.records: list[TrialRecord] = []

    def restore(self) -> History:
        return History((), ())

    def ask(self, trial: AskedTrial) -> None:
        self.trials.append(trial)

    def record(self, record: TrialRecord) -> None:
        self.records.append(record)

    def show_all(self) -> None:
        pass

    @property
    def next_number(self) -> int:
        return len(self.trials)

    @property
    def foreign(self) -> int:
        return 0


def replayed(world: TableWorld, space: Space, plan: Plan, limit: SearchLimit) -> Replay:
    """Search as planned, one trial at a time, a space of the world's parameters."""
    log = _MemoryLog()
    task = SearchTask(plan, space, world.n, TEST_N, limit)
    run_search(task, log, _Answering(world), NoCallbacks(), Interrupts())
    configs = [trial.config for trial in log.trials]
    true = [world.true_accuracy(one) for one in configs if isinstance(one, TrainConfig)]
    ended = sorted(log.records, key=lambda one: one.number)
    seen = [np.nan if one.accuracy is None else one.accuracy for one in ended]
    epochs = np.array([len(one.curve) for one in ended])
    return Replay(epochs, np.array(true), np.array(seen), tuple(ended))
