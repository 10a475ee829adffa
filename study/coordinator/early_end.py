"""Tell whether a search ends before its total, by the trials that ended, in their order."""

import math

from reports.statistics.gain_left import gain_left, least_detectable, least_difference
from reports.stopped import NEVER, Stopped
from reports.trial_record import TrialRecord
from reports.trials import reached
from search_spaces.measures import MEASURES
from search_spaces.space import Space
from study.coordinator.history import History
from study.run_dir.plan import Plan
from study.run_dir.stop_when import DONE, patience_of

# `done` is not asked before so many trials for each searched parameter (Loeppky, Sacks & Welch
# 2009, "Choosing the Sample Size of a Computer Experiment: A Practical Guide"), nor before twice as
# many as TPE draws by chance at first.
TRIALS_A_PARAMETER = 10
LEAST_TRIALS = 20
# Beyond so many trials `done` is asked less often, since a trial changes less.
_LOOKS = 50


class Stopping:
    """Hold the plan's rule against the trials from the first on, without a gap.

    So no decision depends on who ended first: with a window it follows from the trials that the
    next one may learn from.
    """

    def __init__(self, plan: Plan, space: Space, test_n: int) -> None:
        self._rule, self._window, self._total = plan.stop_when, plan.window, plan.trials
        self._patience = patience_of(plan.stop_when)
        self._least = least_trials(space)
        self._test_n = test_n
        self._ended: dict[int, TrialRecord] = {}
        self._seen: list[float | None] = []
        self._measure = MEASURES[plan.scored_by]
        # Where the best of the trials looked at stands among them, and its score.
        self._best_at = 0
        self._best = 0.0 if self._measure.direction == "maximize" else -math.inf
        self.stopped: Stopped | None = None

    def end(self, order: int, record: TrialRecord) -> None:
        """Take in the final record of the trial with this order."""
        self._ended[order] = record

    def may_ask(self, order: int) -> bool:
        """Tell whether the rule lets the trial with this order be suggested."""
        last = order if self._window == 0 else order - self._window + 1
        self._look(last)
        return self.stopped is None

    def look_at_all(self) -> Stopped | None:
        """Return why the search ends after the trials that ended, None where it goes on."""
        self._look(self._total - 1)
        return self.stopped

    def _look(self, last: int) -> None:
        while self.stopped is None and len(self._seen) < last and len(self._seen) in self._ended:
            record = self._ended[len(self._seen)]
            score = self._score(record)
            if score is not None and score > self._best:
                self._best_at, self._best = len(self._seen), score
            self._seen.append(score)
            self.stopped = self._holds()

    def _holds(self) -> Stopped | None:
        after = len(self._seen)
        if self._patience is not None:
            is_over = after - 1 - self._best_at >= self._patience
            return Stopped("no-progress", after, self._patience) if is_over else None
        is_asked = after >= self._least and after % max(1, after // _LOOKS) == 0
        return self._done(after) if self._rule == DONE and is_asked else None

    def _score(self, record: TrialRecord) -> float | None:
        value = reached(record) if record.state == "complete" else None
        return None if value is None else self._measure.oriented(value)

    def _done(self, after: int) -> Stopped | None:
        ceiling = 1.0 if self._measure.direction == "maximize" else 0.0
        gain = gain_left(self._seen[1:], self._best, self._total - after, ceiling)
        if gain is None or gain >= (detectable := self._detectable()):
            return None
        return Stopped("done", after, gain=gain, detectable=detectable)

    def _detectable(self) -> float:
        """Return the smallest gain that the test images tell, by the baseline, else the best."""
        baseline = self._ended[0]
        shown = baseline if reached(baseline) is not None else self._ended[self._best_at]
        if shown.value_sd is not None:
            return least_difference(shown.value_sd**2, self._test_n)
        return least_detectable(shown.accuracy or 0.0, self._test_n)


def least_trials(space: Space) -> int:
    """Return after how many trials, the baseline's included, `done` is asked first."""
    return 1 + max(LEAST_TRIALS, TRIALS_A_PARAMETER * len(space.parameters))


def stopped_search(plan: Plan, space: Space, test_n: int, history: History) -> Stopped | None:
    """Return why a search ended, from its trials; None where it has its total or may go on."""
    if plan.stop_when == NEVER:
        return None
    orders = {trial.number: trial.order for trial in history.asked}
    ended = [one for one in history.recorded if not one.lost and one.number in orders]
    stopping = Stopping(plan, space, test_n)
    for record in ended:
        stopping.end(orders[record.number], record)
    return stopping.look_at_all() if len(ended) < plan.trials else None
