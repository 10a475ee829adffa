"""The clock of a budget: what is spent, what is left, and what was decided, written down."""

from collections.abc import Callable
from dataclasses import replace

from reports.budget import Planned
from study.run_dir.plan import Plan

# What is spent is written down at least so often while trainings end, seconds.
_NOTED_EVERY = 10.0


class BudgetAccount:
    """Count a study's running time against its budget, over all its runs.

    Pauses between runs are not counted, and of a run that was killed not what came after the last
    that was written down. `asked_at` is the moment of the `clock` at which this run was asked for;
    `write` keeps a plan, and may raise FaultError.
    """

    def __init__(
        self,
        plan: Plan,
        clock: Callable[[], float],
        asked_at: float,
        write: Callable[[Plan], None],
    ) -> None:
        self.plan = plan
        self._before = plan.planned.spent
        self._clock, self._asked_at, self._write = clock, asked_at, write

    @property
    def run_seconds(self) -> float:
        """Return how long this run has taken."""
        return self._clock() - self._asked_at

    @property
    def spent(self) -> float:
        """Return the running time of the study, seconds."""
        return self._before + self.run_seconds

    @property
    def left(self) -> float:
        """Return the seconds of the budget that are left; less than 0 where it is overdrawn."""
        return self.plan.budget_seconds - self.spent

    def decide(self, planned: Planned | None = None) -> None:
        """Write down what is decided, and the time spent."""
        decided = self.plan.planned if planned is None else planned
        self.plan = replace(self.plan, planned=replace(decided, spent=self.spent))
        self._write(self.plan)

    def note(self) -> None:
        """Write down the time spent, unless that was done a moment ago."""
        if self.spent - self.plan.planned.spent >= _NOTED_EVERY:
            self.decide()
