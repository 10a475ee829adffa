"""When the search has to end so that the confirmation has its time."""

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from reports.budget import Planned, planned_words
from reports.numbers import duration
from reports.trial_record import TrialRecord
from reports.trials import score_of
from study.budget.account import BudgetAccount
from study.budget.asked import Asked
from study.budget.costs import Measured, TrainingCosts
from study.budget.planning import (
    Situation,
    confirmation_that_fits,
    planned,
    planned_search,
    search_seconds,
    target,
    trial_fits,
)
from study.budget.shapes import Shape
from study.config import TrainConfig
from study.executors.own_config import Config

UnderWay = Sequence[tuple[Config, float]]


class SearchLimit(Protocol):
    """Tell whether a search may start trials."""

    @property
    def is_over(self) -> bool:
        """Tell whether no trial is started any more."""

    def may_ask(self, running: int) -> bool:
        """Tell whether a trial may be suggested while so many run."""

    def fits(self, config: Config, under_way: UnderWay) -> bool:
        """Tell whether a trial may start beside those under way, with their seconds so far."""

    def take(self, config: Config, record: TrialRecord) -> None:
        """Take in a trial that ended for good."""


class NoLimit:
    """Let every trial start."""

    is_over = False

    def may_ask(self, running: int) -> bool:
        """Let it."""
        del running
        return True

    def fits(self, config: Config, under_way: UnderWay) -> bool:
        """Let it."""
        del config, under_way
        return True

    def take(self, config: Config, record: TrialRecord) -> None:
        """Take in nothing."""


class SearchBudget:
    """Hold a search to its part of the budget, by what its trials turn out to cost.

    `slots` tells how many trainings run at once. Nothing else starts before it is known what the
    baseline costs. What was decided by an earlier run stands.
    """

    def __init__(
        self,
        account: BudgetAccount,
        costs: TrainingCosts,
        asked: Asked,
        slots: Callable[[], int],
        say: Callable[[str], None],
    ) -> None:
        self._account, self.costs, self._asked = account, costs, asked
        self._slots, self._say = slots, say
        self._start = account.run_seconds
        self._ended = 0
        self._best: dict[str, tuple[float, TrainConfig]] = {}
        self._workers: set[str | None] = set()
        self._shape: Shape | None = None
        self._out_of_time = False

    @property
    def is_over(self) -> bool:
        """Tell whether no trial is started any more."""
        return self._out_of_time or self._account.plan.planned.is_searched

    def may_ask(self, running: int) -> bool:
        """Tell whether a trial may be suggested while so many run."""
        if not self.is_over and self.costs:
            self._out_of_time = search_seconds(self.situation(), self._shape) <= 0
        elif not self.costs:
            # The baseline is trained in any case: there is no answer without it.
            self._out_of_time = self._ended > 0 and self._account.left <= 0
            return not self.is_over and running == 0
        return not self.is_over

    def fits(self, config: Config, under_way: UnderWay) -> bool:
        """Tell whether a trial would end in time."""
        if not self.costs or not isinstance(config, TrainConfig):
            return True
        others = [(one, took) for one, took in under_way if isinstance(one, TrainConfig)]
        return trial_fits(self.situation(), self._shape, config, others)

    def take(self, config: Config, record: TrialRecord) -> None:
        """Take in a trial that ended for good, and plan anew."""
        self._ended += 1
        is_first, best = not self.costs, self.situation().candidates
        if not isinstance(config, TrainConfig) or not record.curve:
            return
        if record.state in ("complete", "pruned"):
            seconds = _seconds(record, is_first=record.worker not in self._workers)
            self._workers.add(record.worker)
            measured = Measured(config, len(record.curve) * _trained(record), seconds)
            self.costs = self.costs.taking([measured])
        if record.accuracy is not None and config.key != self.costs.baseline.key:
            score = score_of(self._account.plan.scored_by, record)
            highest = max(score, self._best.get(config.key, (-math.inf,))[0])
            self._best[config.key] = highest, config
        if self.is_over or not self.costs:
            return
        now = self.situation()
        if self._asked.confirm and (is_first or now.candidates != best):
            self._shape = target(now)
        if is_first:
            found = planned_search(now, self._shape, self._account.spent, self._ended)
            self._decide(found, is_searched=False)
        self._account.note()

    def end(self) -> None:
        """Decide how the study is confirmed in the time that is left, unless that was done."""
        if self._account.plan.planned.is_searched:
            return
        situation = self.situation()
        fits = confirmation_that_fits(situation) if self._best and self._asked.confirm else None
        self._decide(planned(fits, self._account.spent, self._ended), is_searched=True)

    def situation(self) -> Situation:
        """Return what is known now."""
        best = heapq.nlargest(self._asked.top, self._best.values(), key=lambda one: one[0])
        return Situation(
            budget=self._account.plan.budget_seconds,
            left=self._account.left,
            searched=self._account.spent - self._start,
            start=self._start,
            slots=self._slots(),
            costs=self.costs,
            candidates=tuple(config for _, config in best),
            asked=self._asked,
        )

    def _decide(self, decided: Planned, *, is_searched: bool) -> None:
        old = self._account.plan.planned
        kept = replace(decided, most_seeds=old.most_seeds, is_searched=is_searched)
        self._account.decide(kept)
        self._say(self._words())

    def _words(self) -> str:
        plan = self._account.plan
        return f"budget {duration(plan.budget_seconds)}: {planned_words(plan.planned)}"


def _seconds(record: TrialRecord, *, is_first: bool) -> float:
    """Return how long a trial trained; a worker's first one also traced a graph, once for all."""
    seconds, later = record.seconds or 0.0, record.curve[1:]
    if not is_first or not later:
        return seconds
    epochs = len(record.curve) * _trained(record) * (record.folds or 1)
    return min(seconds, epochs * sum(one.seconds for one in later) / len(later))


def _trained(record: TrialRecord) -> float:
    """Return which part of its folds a trial trained: pruned within the first, one of them."""
    return 1.0 if record.state == "complete" else 1 / (record.folds or 1)
