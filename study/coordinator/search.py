"""The search: suggest, run, prune and record trials, until the study's total is reached."""

import math
from dataclasses import dataclass, field, replace
from typing import Literal

from reports.numbers import plural
from reports.stopped import stopped_words
from reports.trial_record import State, TrialRecord
from search_spaces.space import Space
from study.budget.search_budget import NoLimit, SearchLimit
from study.coordinator.callbacks import SearchCallbacks
from study.coordinator.interrupts import Interrupts
from study.coordinator.limits import RETRIES, WAIT_SECONDS
from study.coordinator.pruning import Pruning, PruningDecision
from study.coordinator.running_trial import Running, completed, job_of
from study.coordinator.search_clock import SearchClock
from study.coordinator.trial_log import TrialLog
from study.coordinator.trial_queue import TrialQueue
from study.executors.own_config import Config
from study.executors.protocol import (
    EpochEnded,
    Event,
    Executor,
    Failed,
    Finished,
    Lost,
    Started,
    Stopped,
)
from study.machine import CLOCKS, Clocks
from study.run_dir.plan import Plan

SearchEnd = Literal["done", "stopped", "exhausted", "timeout", "budget", "interrupted"]


@dataclass(frozen=True)
class SearchTask:
    """What to search: `validation_n` images are held out of the data by the plan's split.

    Of the sealed test split it is known that it has `test_n` images. `limit` says for how long new
    trials may start.
    """

    plan: Plan
    space: Space
    validation_n: int
    test_n: int
    limit: SearchLimit = field(default_factory=NoLimit)


def run_search(
    task: SearchTask,
    log: TrialLog,
    executor: Executor,
    callbacks: SearchCallbacks,
    interrupts: Interrupts,
    clocks: Clocks = CLOCKS,
) -> SearchEnd:
    """Bring the study up to its total of trials and return why the search ended.

    Whatever an earlier process left running runs again under its own number and seed. Raises
    FaultError when a trial cannot be written down; what was recorded before is kept.
    """
    history, plan = log.restore(), task.plan
    callbacks.began(history.recorded, plan.trials, executor.slots, plan.scored_by)
    if log.foreign:
        trials = plural(log.foreign, "trial")
        callbacks.noted(f"the Optuna storage holds {trials} of others, which stay as they are")
    queue = TrialQueue(plan, task.space, task.test_n, log, callbacks.noted)
    pruning = Pruning(plan.pruner, plan.seed, plan.scored_by)
    for trial, record in queue.restore(history):
        pruning.add(trial.order, trial.config, record)
        task.limit.take(trial.config, record)
    clock = SearchClock(history.recorded, clocks)
    end = _Search(task, log, executor, callbacks, interrupts, queue, pruning, clock).run()
    if end == "stopped" and queue.stopped is not None:
        after = plural(queue.stopped.after, "trial")
        why = f"{after}: {stopped_words(queue.stopped, plan.scored_by)}"
        callbacks.noted(f"the search ends after {why}")
    log.show_all()
    return end


class _Search:
    """The event loop's state: the trials under way and their clocks."""

    def __init__(
        self,
        task: SearchTask,
        log: TrialLog,
        executor: Executor,
        callbacks: SearchCallbacks,
        interrupts: Interrupts,
        queue: TrialQueue,
        pruning: Pruning,
        clock: SearchClock,
    ) -> None:
        self._plan, self._validation_n = task.plan, task.validation_n
        self._log, self._executor, self._callbacks = log, executor, callbacks
        self._interrupts, self._queue, self._pruning = interrupts, queue, pruning
        self._clock, self._budget = clock, task.limit
        self._running: dict[int, Running] = {}
        self._unrecorded: list[TrialRecord] = []
        self._limit = self._clock.seconds() + (task.plan.timeout_seconds or math.inf)

    def run(self) -> SearchEnd:
        while True:
            # Workers first: they train while what just ended is being recorded.
            self._fill()
            self._record_ended()
            if not self._running and not self._is_waiting():
                return self._end()
            for event in self._executor.events(WAIT_SECONDS):
                if event.job in self._running:
                    self._handle(self._running[event.job], event)
            self._watch_clocks()
            self._stop_if_interrupted()

    def _is_waiting(self) -> bool:
        # A cluster may have no worker just now.
        over = self._queue.is_done or self._queue.stopped is not None or self._is_out_of_time()
        asked = self._interrupts.count or self._clock.seconds() > self._limit
        return self._executor.slots == 0 and not over and not asked

    def _end(self) -> SearchEnd:
        if self._queue.is_done:
            return "done"
        if self._interrupts.count:
            return "interrupted"
        if self._queue.stopped is not None:
            return "stopped"
        if self._is_out_of_time():
            return "budget"
        return "exhausted" if self._queue.exhausted else "timeout"

    def _is_out_of_time(self) -> bool:
        return self._queue.out_of_time or self._budget.is_over

    def _fill(self) -> None:
        while len(self._running) < self._executor.slots:
            if self._interrupts.count or self._clock.seconds() > self._limit:
                return
            if not self._budget.may_ask(len(self._running)):
                return
            trial = self._queue.next(len(self._running), self._fits)
            if trial is None:
                return
            self._running[trial.number] = Running(trial, self._plan.folds)
            self._executor.start(job_of(trial, self._plan))

    def _fits(self, config: Config) -> bool:
        now = self._clock.seconds()
        under_way = [(one.trial.config, one.ran(now)) for one in self._running.values()]
        return self._budget.fits(config, under_way)

    def _handle(self, running: Running, event: Event) -> None:
        match event:
            case Started(worker=worker):
                limit = self._plan.trial_timeout_seconds or math.inf
                now = self._clock.seconds()
                running.start(worker, self._clock.moment(), now, now + limit)
                self._callbacks.started(running.trial, worker)
            case EpochEnded(result=result) if running.ending is None:
                running.add_epoch(result)
                self._callbacks.epoch_ended(running.trial, result)
                self._judge(running)
            case EpochEnded():
                pass  # trained before the stop reached the worker: no part of the trial
            case Finished(result=result) if running.ending != "pruned":
                self._close(running, completed(self._record(running, "complete"), result))
            case Finished() | Stopped():
                self._stopped(running)
            case Failed(reason=reason):
                self._close(running, self._record(running, "failed", reason))
            case Lost(reason=reason):
                self._lost(running, reason)

    def _judge(self, running: Running) -> None:
        trial = running.trial
        latest = self._queue.latest_peer(trial)
        decision = self._pruning.judge(trial.order, trial.config, running.curve, latest)
        if decision is PruningDecision.AUDIT:
            running.unpruned = True
        elif decision is PruningDecision.STOP:
            epochs = f"epoch {len(running.curve)} of {trial.config.epochs}"
            running.end("pruned", f"the pruner {self._plan.pruner} stopped it after {epochs}")
            self._executor.stop(trial.number)

    def _stopped(self, running: Running) -> None:
        if running.ending == "pruned":
            self._close(running, self._record(running, "pruned", running.reason))
        else:
            # Interrupted: it is not recorded, so that the next run trains it again.
            del self._running[running.trial.number]

    def _lost(self, running: Running, reason: str) -> None:
        attempt = running.trial.attempt
        if running.ending in ("pruned", "interrupted"):
            self._stopped(running)
        elif running.ending == "timed out":
            self._close(running, self._record(running, "failed", running.reason))
        elif attempt < RETRIES:
            record = replace(self._record(running, "failed", reason), lost=True)
            self._unrecorded.append(record)
            del self._running[running.trial.number]
            # Before it is asked again: should the coordinator die between, it would never end.
            self._record_ended()
            self._queue.retry(running.trial)
        else:
            reason = f"{reason} (attempt {attempt + 1} of {RETRIES + 1})"
            self._close(running, self._record(running, "failed", reason))

    def _record(self, running: Running, state: State, reason: str | None = None) -> TrialRecord:
        return running.record(state, reason, self._validation_n, self._clock.moment())

    def _close(self, running: Running, record: TrialRecord) -> None:
        self._unrecorded.append(record)
        del self._running[running.trial.number]
        self._queue.close(running.trial, record)
        self._budget.take(running.trial.config, record)
        self._pruning.add(running.trial.order, running.trial.config, record)

    def _record_ended(self) -> None:
        # Should the coordinator die before, the trial is still asked, and trains to the same bits.
        for record in self._unrecorded:
            self._log.record(record)
            self._callbacks.recorded(record)
        self._unrecorded.clear()

    def _watch_clocks(self) -> None:
        # Thousands may be under way, and this is asked after every few events.
        if not self._plan.trial_timeout_seconds:
            return
        now = self._clock.seconds()
        for number, running in self._running.items():
            if now > running.limit and running.ending is None:
                seconds = self._plan.trial_timeout_seconds
                running.end("timed out", f"not finished within the trial timeout of {seconds:g} s")
                self._executor.kill(number)

    def _stop_if_interrupted(self) -> None:
        if not self._interrupts.count:
            return
        for number, running in self._running.items():
            if running.ending is None:
                running.end("interrupted", None)
                self._executor.stop(number)
            if self._interrupts.count > 1:
                self._executor.kill(number)
