"""How far a confirmation goes: as it was asked, or as there is time for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from reports.numbers import duration, plural
from reports.record import Retraining
from reports.trials import BASELINE
from study.budget.account import BudgetAccount
from study.budget.costs import Measured
from study.budget.planning import (
    Situation,
    least_final_fits,
    round_fits,
    seeds_at_once,
    seeds_that_fit,
)
from study.budget.shapes import least_seeds
from study.config import TrainConfig, config_from_params
from study.confirmation.candidates import Candidate
from study.confirmation.final import Sides, final_orders
from study.confirmation.on_test_split import TestAccess, standing_looks
from study.confirmation.outcomes import Outcome, RetrainJob
from study.confirmation.race import RaceEnd
from study.confirmation.retrain import RetrainContext, retrain
from study.run_dir.confirm_options import ConfirmOptions


class Pace(Protocol):
    """Say how far a confirmation goes; None where it goes no further, for `reason`."""

    @property
    def is_timed(self) -> bool:
        """Tell whether the clock decides how many trainings there will be."""

    @property
    def reason(self) -> str:
        """Return why it goes no further."""

    def before_race(self, options: ConfirmOptions) -> ConfirmOptions | None:
        """Return how many race, and over how many rounds."""

    def another_round(self, alive: Sequence[Candidate], retrainings: Sequence[Retraining]) -> bool:
        """Tell whether the race goes on with those left, after these retrainings."""

    def before_final(
        self,
        context: RetrainContext,
        access: TestAccess,
        options: ConfirmOptions,
        meeting: "Meeting",
    ) -> ConfirmOptions | None:
        """Return how many seeds meet in the final."""


@dataclass(frozen=True)
class Meeting:
    """A final that is to come: its sides, the race before it, and the study's seed."""

    sides: Sides
    raced: RaceEnd
    study_seed: int


class AsAsked:
    """Go as far as was asked."""

    is_timed = False
    reason = ""

    def before_race(self, options: ConfirmOptions) -> ConfirmOptions | None:
        """Return what was asked."""
        return options

    def another_round(self, alive: Sequence[Candidate], retrainings: Sequence[Retraining]) -> bool:
        """Let it."""
        del alive, retrainings
        return True

    def before_final(
        self,
        context: RetrainContext,
        access: TestAccess,
        options: ConfirmOptions,
        meeting: Meeting,
    ) -> ConfirmOptions | None:
        """Return what was asked."""
        del context, access, meeting
        return options


class InBudget:
    """Go as far as the budget leaves time for: the clock alone decides, and no answer.

    The race is the one that was planned when the search ended, with fewer rounds where its
    trainings turn out slower than was foreseen. The final is trained seed after seed, both sides
    under each, while another fits; only then is the test split opened.
    """

    is_timed = True

    def __init__(
        self, account: BudgetAccount, situation: Situation, say: Callable[[str], None]
    ) -> None:
        self._account, self._situation, self._say = account, situation, say
        self._raced = 0

    @property
    def reason(self) -> str:
        """Return why it goes no further."""
        plan = self._account.plan
        what = "final" if plan.planned.top else "confirmation"
        return f"the budget of {duration(plan.budget_seconds)} left no time for a {what}"

    def before_race(self, options: ConfirmOptions) -> ConfirmOptions | None:
        """Return how many race, and over how many rounds; None where there is no time."""
        planned = self._account.plan.planned
        if not planned.top:
            return None
        seeds = None if planned.looks else planned.seeds or least_seeds(self._situation.asked)
        return replace(options, top=planned.top, rounds=planned.rounds, seeds=seeds)

    def another_round(self, alive: Sequence[Candidate], retrainings: Sequence[Retraining]) -> bool:
        """Tell whether a round more leaves time for the least final."""
        self._take_race(retrainings)
        self._account.note()
        configs = [one.config for one in alive if isinstance(one.config, TrainConfig)]
        goes_on = round_fits(self._now(), configs)
        if not goes_on:
            # Whoever goes on after an interruption has the same race.
            rounds = sum(one.candidate == BASELINE for one in retrainings)
            self._account.decide(replace(self._account.plan.planned, rounds=rounds))
            self._say("budget: the race ends early, so that there is time for the final")
        return goes_on

    def before_final(
        self,
        context: RetrainContext,
        access: TestAccess,
        options: ConfirmOptions,
        meeting: Meeting,
    ) -> ConfirmOptions | None:
        """Train as many seeds as fit, and return that number; None where too few fit.

        A final that was opened before, or has planned looks, stays as it is.
        """
        winner = meeting.sides.winner
        opened = standing_looks(access.openings(), winner.name, (1,))
        if options.seeds is None or opened != (1,):
            return options if options.seeds is None else replace(options, seeds=opened[0])
        assert isinstance(winner.config, TrainConfig)  # noqa: S101 own networks have no budget
        self._take_race(meeting.raced.retrainings)
        trained, known = 0, set[str]()
        while (seeds := self._next(winner.config, trained)) > trained:
            orders = final_orders(meeting.sides, meeting.study_seed, seeds, seeds)
            outcomes = retrain(context, orders)
            rows = zip(orders, outcomes, strict=True)
            self._take_final([(one, end) for one, end in rows if one.key not in known])
            known |= {one.key for one in orders}
            trained = seeds
            self._account.note()
        self._account.decide(replace(self._account.plan.planned, seeds=trained))
        if not trained:
            return None
        self._say(f"budget: the final has {plural(trained, 'seed')} each")
        return replace(options, seeds=trained)

    def _take_race(self, retrainings: Sequence[Retraining]) -> None:
        raced = [one for one in retrainings[self._raced :] if one.epochs]
        self._raced = len(retrainings)
        self._measure(
            [Measured(config_from_params(one.params), one.epochs, one.seconds) for one in raced]
        )

    def _take_final(self, trained: Sequence[tuple[RetrainJob, Outcome]]) -> None:
        # They learn from the validation rows too.
        share = self._situation.costs.sizes.scored
        self._measure(
            [
                Measured(one.candidate.config, end.epochs, end.seconds * share)
                for one, end in trained
                if end.epochs and isinstance(one.candidate.config, TrainConfig)
            ]
        )

    def _measure(self, measured: Sequence[Measured]) -> None:
        costs = self._situation.costs.taking(measured)
        self._situation = replace(self._situation, costs=costs)

    def _next(self, winner: TrainConfig, trained: int) -> int:
        """Return up to how many seeds to train now, the first ones together."""
        now = self._now()
        fits, least = seeds_that_fit(now, winner, trained), least_seeds(now.asked)
        if trained == 0 and fits < least:
            return least if least_final_fits(now, winner) else 0
        return min(fits, max(least, trained + seeds_at_once(now, winner)))

    def _now(self) -> Situation:
        planned = self._account.plan.planned.seeds
        return replace(self._situation, left=self._account.left, planned=planned)
