"""What a study with a budget asks for; free of what the planning imports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.numbers import duration
from search_spaces.faults import Fault, FaultError
from study.run_dir.confirm_options import ConfirmOptions
from study.run_dir.plan import Plan

# Start, baseline, one candidate and their confirmation took longer wherever it was tried, seconds.
LEAST_BUDGET = 20.0
# A final that is given no number of seeds takes as many as fit, but no more than these.
MOST_FITTING_SEEDS = 20


@dataclass(frozen=True)
class Asked:
    """What the study asks of a confirmation: `seeds` is None for looks, `most` the most seeds."""

    confirm: bool
    top: int
    rounds: int
    seeds: int | None
    most: int


def asked_of(plan: Plan) -> Asked:
    """Return what a plan asks of its confirmation."""
    most = plan.planned.most_seeds or MOST_FITTING_SEEDS
    seeds = plan.confirm_seeds or None
    rounds = ConfirmOptions().rounds
    return Asked(plan.confirm, plan.top, rounds, seeds, max(most, seeds or 0))


def check_budget(options: Mapping[str, Any]) -> None:
    """Raise FaultError where a budget cannot be kept beside a plan's other options, by name."""
    budget = options.get("budget_seconds")
    if not budget:
        return
    where, faults = "--budget", []
    if budget < LEAST_BUDGET:
        got, allowed = duration(budget), f"{duration(LEAST_BUDGET)} or more"
        what = "too short for the start, a baseline, one candidate and a confirmation"
        faults.append(Fault(where, what, got, allowed))
    if options.get("timeout_seconds"):
        what = "the time is limited already: a budget has the search end by itself"
        faults.append(Fault(where, what, "--timeout too", "one of both"))
    if options.get("ablate"):
        what = "an ablation takes as many trainings as it needs"
        faults.append(Fault(where, what, "--ablate too", "dense-study confirm --ablate afterwards"))
    if faults:
        raise FaultError(*faults)
