"""What is to be tried next: what is left over, what must run again, then what is new."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace

from reports.stopped import Stopped
from reports.trial_record import TrialRecord
from search_spaces.space import Space
from study.coordinator.asked_trials import AskedTrial
from study.coordinator.early_end import Stopping
from study.coordinator.history import History
from study.coordinator.suggest import Asking
from study.coordinator.trial_log import TrialLog
from study.coordinator.window import Window
from study.executors.own_config import Config
from study.run_dir.plan import Plan


class TrialQueue:
    """Give out trials, each written down before it is given, and take in how they ended."""

    def __init__(
        self, plan: Plan, space: Space, test_n: int, log: TrialLog, note: Callable[[str], None]
    ) -> None:
        self._log = log
        self._trials = plan.trials
        self._asking = Asking(space, plan.sampler, plan.seed, plan.enqueued, note, plan.scored_by)
        self._window = Window(plan.window)
        self._stopping = Stopping(plan, space, test_n)
        self._queue: deque[AskedTrial] = deque()
        self._next_order = 0
        self.ended = 0
        self.exhausted = False

    def restore(self, history: History) -> list[tuple[AskedTrial, TrialRecord]]:
        """Take in what earlier processes left and return the trials that ended for good."""
        recorded = {record.number: record for record in history.recorded}
        last: dict[int, AskedTrial] = {}
        for trial in history.asked:
            if trial.order not in last:
                self._asking.restore(trial)
            last[trial.order] = trial
        self._next_order = len(last)
        ended = []
        for trial in (last[order] for order in sorted(last)):
            record = recorded.get(trial.number)
            if record is None:
                self._queue.append(trial)
            elif record.lost:
                self.retry(trial)
            else:
                self.close(trial, record)
                ended.append((trial, record))
        return ended

    def next(
        self, running: int, fits: Callable[[Config], bool] = lambda _: True
    ) -> AskedTrial | None:
        """Return the next trial to start while so many run; None where there is none just now.

        `fits` tells for which configs there is time; where there is for none, the search is over.
        """
        if self.ended + running >= self._trials:
            return None
        if self._queue:
            return self._queue.popleft()
        order = self._next_order
        if self.exhausted or self.out_of_time:
            return None
        if not self._window.may_ask(order) or not self._stopping.may_ask(order):
            return None
        for seen, record in self._window.release(order):
            self._asking.release(seen, record)
        trial = self._asking.ask(self._log.next_number, order, fits)
        if trial is None:
            self.exhausted = self._asking.has_time
            return None
        self._next_order += 1
        return self._write_down(trial)

    def retry(self, trial: AskedTrial) -> None:
        """Let a lost trial run again, under its own seed and a new number."""
        again = replace(
            trial,
            number=self._log.next_number,
            attempt=trial.attempt + 1,
            retry_of=trial.number,
        )
        self._queue.append(self._write_down(again))

    def close(self, trial: AskedTrial, record: TrialRecord) -> None:
        """Take in how a trial ended for good."""
        self.ended += 1
        self._window.end(trial.order, record)
        self._stopping.end(trial.order, record)

    def latest_peer(self, trial: AskedTrial) -> int:
        """Return the highest order of the trials that this one may be pruned by."""
        return self._window.latest(trial.order)

    @property
    def stopped(self) -> Stopped | None:
        """Return why the plan's rule has ended the search; None while a trial waits to be run."""
        return None if self._queue else self._stopping.stopped

    @property
    def out_of_time(self) -> bool:
        """Tell whether there was no time for what would be suggested."""
        return not self._asking.has_time

    @property
    def is_done(self) -> bool:
        """Tell whether the study has its total of trials."""
        return self.ended >= self._trials

    def _write_down(self, trial: AskedTrial) -> AskedTrial:
        self._log.ask(trial)
        return trial
