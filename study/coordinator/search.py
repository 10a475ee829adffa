"""The search: ask, place, watch, prune and tell, until the study's total is reached."""

import math
import time
from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from reports.record import State, TrialRecord
from search_spaces.space import Space
from study.coordinator.asked import AskedTrial
from study.coordinator.asking import Asking
from study.coordinator.interrupts import Interrupts
from study.coordinator.pruning import Pruning, Verdict
from study.coordinator.running import SPLIT, Running, completed
from study.coordinator.trial_log import TrialLog
from study.coordinator.watching import Watcher
from study.coordinator.window import Window
from study.data.values import Split
from study.executors.protocol import (
    EpochEnded,
    Event,
    Executor,
    Failed,
    Finished,
    Job,
    Lost,
    Started,
    Stopped,
)
from study.plan import Plan

# How often the params of a trial whose worker died run again.
RETRIES = 2
# How long to wait for an event before looking at clocks and interrupts again, seconds.
_PATIENCE_SECONDS = 0.25

SearchEnd = Literal["done", "exhausted", "timeout", "interrupted"]


@dataclass(frozen=True)
class SearchTask:
    """What to search: `validation_n` images are held out of the data by the plan's split."""

    plan: Plan
    space: Space
    validation_n: int


def utc_now() -> datetime:
    """Return the time, with its zone."""
    return datetime.now(UTC)


def run_search(
    task: SearchTask,
    log: TrialLog,
    executor: Executor,
    watcher: Watcher,
    interrupts: Interrupts,
) -> SearchEnd:
    """Bring the study up to its total of trials and return why the search ended.

    Whatever an earlier process left running runs again under its own number and seed. Raises
    FaultError when a trial cannot be written down; what was told before is stored.
    """
    return _Search(task, log, executor, watcher, interrupts).run()


class _Search:
    def __init__(
        self,
        task: SearchTask,
        log: TrialLog,
        executor: Executor,
        watcher: Watcher,
        interrupts: Interrupts,
    ) -> None:
        plan = task.plan
        self._task, self._plan, self._log = task, plan, log
        self._executor, self._watcher, self._interrupts = executor, watcher, interrupts
        self._asking = Asking(task.space, plan.sampler, plan.seed, plan.enqueued, watcher.noted)
        self._pruning = Pruning(plan.pruner, plan.seed)
        self._window = Window(plan.window)
        self._split = Split(plan.split_seed, plan.share)
        self._queue: deque[AskedTrial] = deque()
        self._running: dict[int, Running] = {}
        self._next_order = 0
        self._next_number = 0
        self._ended = 0
        self._end: SearchEnd = "done"
        self._limit = time.monotonic() + (plan.timeout_seconds or math.inf)
        self._trial_limits: dict[int, float] = {}

    def run(self) -> SearchEnd:
        self._restore()
        while True:
            self._fill()
            if not self._running:
                return "done" if self._ended >= self._plan.trials else self._end
            for event in self._executor.events(_PATIENCE_SECONDS):
                self._handle(event)
            self._watch_clocks()
            self._heed_interrupts()

    def _restore(self) -> None:
        history = self._log.history()
        self._watcher.began(history.told, self._plan.trials, self._executor.slots)
        told = {record.number: record for record in history.told}
        last: dict[int, AskedTrial] = {}
        for trial in history.asked:
            if trial.order not in last:
                self._asking.restore(trial)
            last[trial.order] = trial
            self._next_number = max(self._next_number, trial.number + 1)
        self._next_order = len(last)
        for order, trial in sorted(last.items()):
            record = told.get(trial.number)
            if record is None:
                self._queue.append(trial)
            elif record.lost:
                self._retry(trial)
            else:
                self._close(order, trial, record)

    def _fill(self) -> None:
        while len(self._running) < self._executor.slots:
            trial = self._next_trial()
            if trial is None:
                return
            self._running[trial.number] = Running(trial, SPLIT)
            job = Job(
                trial.number, trial.config, trial.seed, self._plan.data_fingerprint, self._split
            )
            self._executor.start(job)

    def _next_trial(self) -> AskedTrial | None:
        if self._interrupts.count or time.monotonic() > self._limit:
            self._end = "interrupted" if self._interrupts.count else "timeout"
            return None
        under_way = self._ended + len(self._running)
        if under_way >= self._plan.trials:
            return None
        if self._queue:
            return self._queue.popleft()
        order = self._next_order
        if self._end == "exhausted" or not self._window.may_ask(order):
            return None
        for seen, record in self._window.release(order):
            self._asking.live.release(seen, record)
        trial = self._asking.ask(self._next_number, order)
        if trial is None:
            self._end = "exhausted"
            return None
        self._log.ask(trial)
        self._next_order += 1
        self._next_number += 1
        return trial

    def _handle(self, event: Event) -> None:
        running = self._running.get(event.job)
        if running is None:
            return
        match event:
            case Started(worker=worker):
                running.worker, running.started = worker, utc_now()
                limit = self._plan.trial_timeout_seconds or math.inf
                self._trial_limits[event.job] = time.monotonic() + limit
                self._watcher.started(running.trial, worker)
            case EpochEnded(result=result) if running.ending is None:
                running.add_epoch(result)
                self._watcher.epoch_ended(running.trial, result)
                self._judge(running)
            case EpochEnded():
                pass  # trained before the stop reached the worker: no part of the trial
            case Finished(result=result) if running.ending != "pruned":
                record = completed(self._record(running, "complete"), result)
                self._tell(running, record)
            case Finished() | Stopped():
                self._stopped(running)
            case Failed(reason=reason):
                self._tell(running, self._record(running, "failed", reason))
            case Lost(reason=reason):
                self._lost(running, reason)

    def _judge(self, running: Running) -> None:
        trial = running.trial
        latest = self._window.latest(trial.order)
        verdict = self._pruning.judge(trial.order, trial.config, running.curve, latest)
        if verdict is Verdict.STOP and not running.unpruned:
            running.ending = "pruned"
            epochs = f"epoch {len(running.curve)} of {trial.config.epochs}"
            running.reason = f"the pruner {self._plan.pruner} stopped it after {epochs}"
            self._executor.stop(trial.number)
        running.unpruned = running.unpruned or verdict is Verdict.AUDIT

    def _stopped(self, running: Running) -> None:
        if running.ending == "pruned":
            self._tell(running, self._record(running, "pruned", running.reason))
        else:
            self._forget(running)

    def _lost(self, running: Running, reason: str) -> None:
        trial = running.trial
        if running.ending == "pruned":
            self._stopped(running)
        elif running.ending == "timed out":
            self._tell(running, self._record(running, "failed", running.reason))
        elif running.ending == "interrupted":
            self._forget(running)
        elif trial.attempt >= RETRIES:
            reason = f"{reason} (attempt {trial.attempt + 1} of {RETRIES + 1})"
            self._tell(running, self._record(running, "failed", reason))
        else:
            record = replace(self._record(running, "failed", reason), lost=True)
            self._log.tell(record)
            self._watcher.told(record)
            self._forget(running)
            self._retry(trial)

    def _retry(self, trial: AskedTrial) -> None:
        again = replace(
            trial,
            number=self._next_number,
            origin="retry",
            attempt=trial.attempt + 1,
            retry_of=trial.number,
        )
        self._log.ask(again)
        self._next_number += 1
        self._queue.append(again)

    def _record(self, running: Running, state: State, reason: str | None = None) -> TrialRecord:
        return running.record(state, reason, self._task.validation_n, utc_now())

    def _tell(self, running: Running, record: TrialRecord) -> None:
        self._log.tell(record)
        self._forget(running)
        self._close(running.trial.order, running.trial, record)
        self._watcher.told(record)

    def _close(self, order: int, trial: AskedTrial, record: TrialRecord) -> None:
        self._ended += 1
        self._window.end(order, record)
        self._pruning.add(order, trial.config, record)

    def _forget(self, running: Running) -> None:
        del self._running[running.trial.number]
        self._trial_limits.pop(running.trial.number, None)

    def _watch_clocks(self) -> None:
        now = time.monotonic()
        for number, limit in self._trial_limits.items():
            running = self._running[number]
            if now > limit and running.ending is None:
                running.ending = "timed out"
                seconds = self._plan.trial_timeout_seconds
                running.reason = f"it did not end within the trial timeout of {seconds:g} s"
                self._executor.kill(number)

    def _heed_interrupts(self) -> None:
        for number, running in self._running.items():
            if self._interrupts.count and running.ending is None:
                running.ending = "interrupted"
                self._executor.stop(number)
        if self._interrupts.count > 1:
            for number in self._running:
                self._executor.kill(number)
