"""A trial under way, and the record it ends as."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from reports.record import EpochRecord, State, TrialRecord
from study.coordinator.asked import AskedTrial
from study.engine.results import EpochResult, TrialResult

# The one split a search ever looks at.
SPLIT = "validation"

Ending = Literal["pruned", "timed out", "interrupted"]


@dataclass
class Running:
    """What is known of a trial under way; `ending` says why it was told to stop, if it was."""

    trial: AskedTrial
    split: str
    curve: list[EpochRecord] = field(default_factory=list)
    worker: str | None = None
    started: datetime | None = None
    ending: Ending | None = None
    reason: str | None = None
    unpruned: bool = False

    def add_epoch(self, result: EpochResult) -> None:
        """Take in an epoch."""
        self.curve.append(
            EpochRecord(
                result.epoch,
                result.train_loss,
                result.validation_loss,
                result.validation_accuracy,
                result.seconds,
            )
        )

    def record(self, state: State, reason: str | None, n: int, now: datetime) -> TrialRecord:
        """Return the record of the trial, ended now."""
        trial = self.trial
        started = self.started or now
        return TrialRecord(
            number=trial.number,
            state=state,
            origin=trial.origin,
            params=dict(trial.params),
            config=trial.config.as_params(),
            seed=trial.seed,
            split=self.split,
            n=n,
            curve=tuple(self.curve),
            reason=reason,
            unpruned=self.unpruned,
            retry_of=trial.retry_of,
            worker=self.worker,
            started=started.isoformat(),
            ended=now.isoformat(),
            seconds=(now - started).total_seconds(),
        )


def completed(record: TrialRecord, result: TrialResult) -> TrialRecord:
    """Return a complete trial's record with what its training answered."""
    return replace(
        record,
        accuracy=result.accuracy,
        loss=result.loss,
        n=result.n,
        seconds=result.seconds,
        parameter_count=result.parameter_count,
        weights_hash=result.weights_hash,
    )
