"""Retrainings on disk: one JSON line each, as they come, so that nothing is trained twice."""

from dataclasses import dataclass, field

from reports.json_values import from_json, parse_json, to_json_line
from reports.record import Retraining, Stage
from reports.trials import BASELINE
from search_spaces.measures import Measure
from search_spaces.unsaid import UNSAID
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
        if self.split and self.split.folds > 1:
            split += f":{self.split.folds} folds"
        return f"{self.candidate.config.key}:{self.seed}:{split}"

    @property
    def keeps_weights(self) -> bool:
        """Tell whether its network is asked something afterwards.

        Those of the final are tested; one of the race's candidates is what the final calibrates.
        """
        if self.split is None:
            return True
        return self.stage == "race" and self.candidate.name != BASELINE


@dataclass(frozen=True)
class Outcome:
    """What one retraining reached; `accuracy` (fraction of n validation images) or `reason`.

    `value` is the study's measure on the same images, None where that is the accuracy. `machine` is
    where it was trained; outcomes of older versions do not say it.
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
    value: float | None = field(default=None, metadata=UNSAID)

    def score(self, measure: Measure) -> float | None:
        """Return the measure, turned so that more is better; None where the training failed."""
        own = self.accuracy if self.value is None else self.value
        return None if own is None else measure.oriented(own)


@dataclass(frozen=True)
class OnTest:
    """What a training without split reached on n test images; `value` as in an outcome."""

    accuracy: float
    n: int
    value: float | None = None


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


def as_retraining(job: RetrainJob, outcome: Outcome, test: OnTest | None) -> Retraining:
    """Return the record of a retraining; `test` is what one without split reached."""
    is_test = job.split is None
    reached: OnTest | Outcome | None = test if is_test else outcome
    return Retraining(
        stage=job.stage,
        candidate=job.candidate.name,
        params=job.candidate.config.as_params(),
        seed=job.seed,
        split_seed=job.split.seed if job.split else None,
        folds=job.split.folds if job.split and job.split.folds > 1 else None,
        split="test" if is_test else "validation",
        n=reached.n if reached else 0,
        accuracy=reached.accuracy if reached else None,
        epochs=outcome.epochs,
        seconds=outcome.seconds,
        weights_hash=outcome.weights_hash,
        reason=outcome.reason,
        value=reached.value if reached else None,
    )
