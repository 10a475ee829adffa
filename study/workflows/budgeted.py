"""The budget of a study that has one, through all of its stages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from search_spaces.active import baseline_params
from search_spaces.space import Space
from study.budget.account import BudgetAccount
from study.budget.asked import asked_of
from study.budget.costs import Sizes, TrainingCosts
from study.budget.search_budget import NoLimit, SearchBudget, SearchLimit
from study.config import config_from_params
from study.confirmation.pace import AsAsked, InBudget, Pace
from study.data.values import TrainingData
from study.executors.protocol import Executor
from study.machine import CLOCKS, Clocks
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import Plan, write_plan


@dataclass(frozen=True)
class Course:
    """How a study takes its course: how long it is searched, and how far it is confirmed."""

    limit: SearchLimit
    pace: Callable[[], Pace]
    plan: Callable[[], Plan]
    searched: Callable[[], None]
    noted: Callable[[], None]


@contextmanager
def course_of(
    run: RunDirectory,
    plan: Plan,
    about: tuple[Space, TrainingData],
    executor: Executor,
    asked_at: float,
    say: Callable[[str], None],
    clocks: Clocks = CLOCKS,
) -> Iterator[Course]:
    """Yield the course of a study with this plan; what it spent is written down at the end.

    `about` is its space and what it trains on; `asked_at` the moment from which time counts.
    """
    if not plan.budget_seconds:
        yield Course(NoLimit(), AsAsked, lambda: plan, lambda: None, lambda: None)
        return
    account = BudgetAccount(plan, clocks.seconds, asked_at, lambda new: write_plan(run, new))
    space, training = about
    features, classes = training.examples.inputs.shape[1], len(training.about.classes)
    sizes = Sizes(features, classes, plan.share, plan.folds)
    baseline = config_from_params(baseline_params(space))
    search = SearchBudget(
        account, TrainingCosts(baseline, sizes), asked_of(plan), lambda: executor.slots, say
    )
    try:
        yield Course(
            search,
            lambda: InBudget(account, search.situation(), say),
            lambda: account.plan,
            search.end,
            account.decide,
        )
    finally:
        account.decide()
