"""The stages of a whole job, and the steps of each."""

import time
from collections.abc import Callable
from typing import Literal, Protocol

from reports.numbers import duration

Stage = Literal[
    "start", "search", "race", "final", "equal_compute", "baseline", "test", "ablation", "report",
    "bundle",
]  # fmt: skip
# What a confirmation goes through; an ablation is asked for.
CONFIRMATION: tuple[Stage, ...] = ("race", "final", "test")
WHOLE_JOB: tuple[Stage, ...] = ("start", "search", *CONFIRMATION, "report", "bundle")


def stages_of_job(*, confirm: bool, ablate: bool) -> tuple[Stage, ...]:
    """Return the stages of a whole job, with or without its confirmation and an ablation."""
    if not confirm:
        return tuple(one for one in WHOLE_JOB if one not in CONFIRMATION)
    if not ablate:
        return WHOLE_JOB
    after = WHOLE_JOB.index("report")
    return (*WHOLE_JOB[:after], "ablation", *WHOLE_JOB[after:])


class Steps(Protocol):
    """Follow a job through its stages; nothing here may slow it down or stop it."""

    def plan(self, stages: tuple[Stage, ...]) -> None:
        """Say which stages the job has, in their order."""

    def stage(self, name: Stage, total: int = 0) -> None:
        """Say that a stage begins, of so many steps, or goes on with so many more."""

    def step(self) -> None:
        """Say that a step of the stage is done."""


class NoSteps:
    """Follow nothing."""

    def plan(self, stages: tuple[Stage, ...]) -> None:
        """Follow nothing."""

    def stage(self, name: Stage, total: int = 0) -> None:
        """Follow nothing."""

    def step(self) -> None:
        """Follow nothing."""


class JobStatus:
    """Where a job stands: its stage, of how many, and the steps done in it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._stages: tuple[Stage, ...] = ()
        self.name: Stage = "start"
        self._is_begun = False
        self.done = self.total = 0
        self._began = clock()

    def plan(self, stages: tuple[Stage, ...]) -> None:
        """Take in which stages the job has."""
        self._stages = stages

    def stage(self, name: Stage, total: int) -> bool:
        """Take in that a stage begins or goes on; tell whether it is another than before."""
        is_new = name != self.name or not self._is_begun
        if is_new:
            self.name, self.done, self.total = name, 0, 0
            self._began, self._is_begun = self._clock(), True
        self.total += total
        return is_new

    def step(self) -> None:
        """Take in a step that is done."""
        self.done += 1

    @property
    def seconds(self) -> float:
        """Return how long the stage has taken so far."""
        return self._clock() - self._began

    def seconds_left(self) -> float | None:
        """Return how long its other steps would take at this rate; None before the first."""
        if self.done == 0 or self.done >= self.total:
            return None
        return self.seconds / self.done * (self.total - self.done)

    def heading(self) -> str:
        """Return which stage it is, of how many."""
        if self.name not in self._stages:
            return self.name
        return f"stage {self._stages.index(self.name) + 1} of {len(self._stages)}: {self.name}"

    def steps_words(self) -> str:
        """Return how many steps are done and how long the others would take."""
        if not self.total:
            return ""
        left = self.seconds_left()
        end = "" if left is None else f", about {duration(left)} left"
        return f"{self.done:,} of {self.total:,}{end}"
