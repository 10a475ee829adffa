"""A trial under way, and the record it ends as."""

import math
from dataclasses import dataclass, field, replace
from typing import Literal

from reports.trial_record import EpochRecord, State, TrialRecord
from study.coordinator.asked_trials import AskedTrial
from study.coordinator.search_clock import Moment
from study.data.values import Split
from study.engine.results import EpochResult, TrialResult
from study.executors.protocol import Job
from study.run_dir.plan import Plan

# The one split a search ever looks at.
SPLIT = "validation"

Ending = Literal["pruned", "timed out", "interrupted"]


@dataclass
class Running:
    """What is known of a trial under way; `ending` says why it was stopped, if it was.

    `began` is when it started and `limit` when it has run too long, by the clock for limits.
    """

    trial: AskedTrial
    folds: int = 1
    curve: list[EpochRecord] = field(default_factory=list)
    worker: str | None = None
    started: Moment | None = None
    began: float | None = None
    limit: float = math.inf
    ending: Ending | None = None
    reason: str | None = None
    unpruned: bool = False

    def start(self, worker: str, now: Moment, began: float, limit: float) -> None:
        """Take in that a worker began it."""
        self.worker, self.started, self.began, self.limit = worker, now, began, limit

    def ran(self, now: float) -> float:
        """Return for how long it has run, by the clock for limits."""
        return 0.0 if self.began is None else now - self.began

    def end(self, ending: Ending, reason: str | None) -> None:
        """Note why it was asked to stop."""
        self.ending, self.reason = ending, reason

    def add_epoch(self, result: EpochResult) -> None:
        """Take in an epoch."""
        self.curve.append(epoch_record(result))

    def record(self, state: State, reason: str | None, n: int, now: Moment) -> TrialRecord:
        """Return the record of the trial, ended now."""
        trial = self.trial
        started = self.started or now
        return replace(
            unended(trial, n, state, self.folds),
            curve=tuple(self.curve),
            reason=reason,
            unpruned=self.unpruned,
            worker=self.worker,
            started=started.now.isoformat(),
            ended=now.later(started).isoformat(),
            started_after=started.after,
            ended_after=now.after,
            seconds=now.after - started.after,
        )


def search_split(plan: Plan) -> Split:
    """Return what a search scores its trials on: the first of the folds where there are several."""
    return Split(plan.split_seed, plan.share, plan.folds)


def job_of(trial: AskedTrial, plan: Plan) -> Job:
    """Return the training that a trial of this plan is."""
    return Job(
        job=trial.number,
        config=trial.config,
        seed=trial.seed,
        fingerprint=plan.data_fingerprint,
        split=search_split(plan),
        measure=plan.scored_by,
    )


def epoch_record(result: EpochResult) -> EpochRecord:
    """Return an epoch as records keep it."""
    return EpochRecord(
        result.epoch,
        result.train_loss,
        result.validation_loss,
        result.validation_accuracy,
        result.seconds,
        result.value,
    )


def unended(trial: AskedTrial, n: int, state: State, folds: int = 1) -> TrialRecord:
    """Return the record of a trial that has not ended, with no epoch; n images validate it."""
    return TrialRecord(
        number=trial.number,
        state=state,
        origin=trial.origin,
        params=dict(trial.params),
        config=trial.config.as_params(),
        seed=trial.seed,
        split=SPLIT,
        n=n,
        retry_of=trial.retry_of,
        folds=folds if folds > 1 else None,
    )


def completed(record: TrialRecord, result: TrialResult) -> TrialRecord:
    """Return a complete trial's record with what its training reached."""
    return replace(
        record,
        accuracy=result.accuracy,
        loss=result.loss,
        n=result.n,
        seconds=result.seconds,
        parameter_count=result.parameter_count,
        weights_hash=result.weights_hash,
        cross_fitted=result.cross_fitted,
        value=result.value,
        value_sd=result.value_sd,
    )
