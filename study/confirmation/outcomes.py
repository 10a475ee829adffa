"""Retrainings on disk: one JSON line each, as they come, so that nothing is trained twice."""

from dataclasses import dataclass

from reports.json_values import from_json, parse_json, to_json_line
from reports.record import Retraining, Stage
from study.confirmation.candidates import Candidate
from study.data.values import Split
from study.run_dir.json_lines import JsonLines


@dataclass(frozen=True)
class RetrainJob:
    """One retraining to do; without a split it trains on train + validation."""

    stage: Stage
    candidate: Candidate
    seed: int
    split: Split | None

    @property
    def key(self) -> str:
        """Return what names the training itself: config, seed and split."""
        split = f"{self.split.seed}:{self.split.share!r}" if self.split else "all"
        return f"{self.candidate.config.key}:{self.seed}:{split}"


@dataclass(frozen=True)
class Outcome:
    """What one retraining reached; `accuracy` (fraction of n validation images) or `reason`.

    `machine` is where it was trained; outcomes of older versions do not say it.
    """

    key: str
    accuracy: float | None
    n: int
    epochs: int
    kept_epoch: int
    seconds: float
    weights_hash: str | None
    reason: str | None = None
    machine: str | None = None


class OutcomeFile:
    """The file of outcomes, one JSON object a line."""

    def __init__(self, lines: JsonLines) -> None:
        self._lines = lines
        self.path = lines.path

    def read(self) -> dict[str, Outcome]:
        """Return all outcomes by key, the latest of each; raises FaultError for a damaged line."""
        lines = self._lines.lines()
        found = [from_json(Outcome, parse_json(line, where), where) for where, line in lines]
        return {outcome.key: outcome for outcome in found}

    def append(self, outcome: Outcome) -> None:
        """Add an outcome and wait until the disk has it; raises FaultError."""
        self._lines.append(to_json_line(outcome))


def as_retraining(job: RetrainJob, outcome: Outcome, test: tuple[float, int] | None) -> Retraining:
    """Return the record of a retraining; `test` is accuracy and n of a training without split."""
    is_test = job.split is None
    accuracy, n = (test or (None, 0)) if is_test else (outcome.accuracy, outcome.n)
    return Retraining(
        stage=job.stage,
        candidate=job.candidate.name,
        params=job.candidate.config.as_params(),
        seed=job.seed,
        split_seed=job.split.seed if job.split else None,
        split="test" if is_test else "validation",
        n=n,
        accuracy=accuracy,
        epochs=outcome.epochs,
        seconds=outcome.seconds,
        weights_hash=outcome.weights_hash,
        reason=outcome.reason,
    )
