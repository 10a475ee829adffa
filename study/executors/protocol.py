"""The small protocol between the coordinator and whatever places jobs."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from search_spaces.measures import MeasureName
from study.data.values import Split
from study.engine.results import EpochResult, TrialResult
from study.executors.own_config import Config


@dataclass(frozen=True)
class Job:
    """One training to do: `job` names it in every event; data is checked by fingerprint.

    Without a split the worker trains on all examples it holds; where its split is one of several
    folds, on each of these in turn. With `keep_weights` the kept weights come back in Finished.
    Validation examples are scored by the `measure`, and by accuracy.
    """

    job: int
    config: Config
    seed: int
    fingerprint: str
    split: Split | None
    keep_weights: bool = False
    measure: MeasureName = "accuracy"


@dataclass(frozen=True)
class Started:
    """A worker began a job."""

    job: int
    worker: str


@dataclass(frozen=True)
class EpochEnded:
    """A job finished one epoch."""

    job: int
    result: EpochResult


@dataclass(frozen=True)
class Finished:
    """A job trained to its end; weights are in Keras's order, None unless they were asked for.

    `machine` is where it was trained (`study.machine.place`), None where nobody knows.
    """

    job: int
    result: TrialResult
    weights: tuple[NDArray[np.float32], ...] | None = None
    machine: str | None = None


@dataclass(frozen=True)
class Stopped:
    """A job ended early because it was asked to stop."""

    job: int


@dataclass(frozen=True)
class Failed:
    """A job's training failed by its own doing (diverged, out of limits): repeating is no use.

    Except where it was given up because its workers died: then it is `worth_repeating`.
    """

    job: int
    reason: str
    worth_repeating: bool = False


@dataclass(frozen=True)
class Lost:
    """A job's worker died, hung past its limit or was cut off: the job may run again."""

    job: int
    reason: str


Event = Started | EpochEnded | Finished | Stopped | Failed | Lost


class Executor(Protocol):
    """Place jobs on workers and bring back their events, each job's in the order it sent them."""

    @property
    def slots(self) -> int:
        """Return how many jobs can run at once just now."""

    def start(self, job: Job) -> None:
        """Begin a job; call only while fewer than `slots` run."""

    def stop(self, job: int) -> None:
        """Ask a job to end after its running epoch; Stopped (or Finished) follows."""

    def kill(self, job: int) -> None:
        """End a job at once, with its worker if need be; Lost follows."""

    def events(self, timeout: float) -> list[Event]:
        """Wait up to timeout seconds for at least one event and return all there are."""

    def close(self) -> None:
        """End every worker and give back what the executor holds."""
