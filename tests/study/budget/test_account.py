"""The clock of a budget: running time over all runs, written down at each decision."""

from dataclasses import replace

from reports.budget import Planned, budget_words
from study.budget.account import BudgetAccount


class Time:
    """A clock that stands until it is set."""

    now = 100.0

    def __call__(self):
        return self.now


def test_time_counts_from_when_it_was_asked_for_and_goes_on_from_what_was_spent(plan):
    clock, written = Time(), []
    before = replace(plan, budget_seconds=60.0, planned=Planned(spent=10.0))
    account = BudgetAccount(before, clock, 95.0, written.append)
    assert (account.run_seconds, account.spent, account.left) == (5.0, 15.0, 45.0)
    clock.now = 130.0
    account.decide(Planned(most_seeds=7, trials=3))
    assert written == [account.plan]
    assert account.plan.planned == Planned(most_seeds=7, trials=3, spent=45.0)


def test_what_is_spent_is_noted_no_more_than_every_ten_seconds(plan):
    clock, written = Time(), []
    account = BudgetAccount(replace(plan, budget_seconds=60.0), clock, 95.0, written.append)
    account.note()
    clock.now = 105.0
    account.note()
    clock.now = 114.0
    account.note()
    assert [one.planned.spent for one in written] == [10.0]


def test_the_words_of_a_budget_say_what_is_planned_and_used():
    assert budget_words(0.0, Planned()) == ""
    assert budget_words(600.0, Planned()) == (
        "Budget 10 min 00 s: it is planned when the baseline has been trained."
    )
    going_on = Planned(20, 30.0, 370.0, 40, top=3, rounds=3, seeds=5)
    assert budget_words(600.0, going_on) == (
        "Budget 10 min 00 s: search until 6 min 10 s, about 40 trials; then a race of "
        "3 rounds x 4 retrainings and a final of 5 seeds each; 30 s used."
    )
    searched = replace(going_on, is_searched=True, seeds=0)
    assert budget_words(600.0, searched) == (
        "Budget 10 min 00 s: search until 6 min 10 s, 40 trials; then a race of "
        "3 rounds x 4 retrainings, and no time for a final; 30 s used."
    )
    assert budget_words(600.0, replace(searched, top=0)) == (
        "Budget 10 min 00 s: search until 6 min 10 s, 40 trials, no confirmation; 30 s used."
    )
    assert "and a final with planned looks" in budget_words(600.0, replace(searched, looks=True))
