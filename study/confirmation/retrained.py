"""Retrainings on disk: one JSON line each, as they come, so that nothing is trained twice."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from reports.record import Retraining, Stage
from search_spaces.faults import fault
from study.confirmation.candidates import Candidate
from study.data.values import Split
from study.keeping import only_here


@dataclass(frozen=True)
class Order:
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
    """What one retraining answered; `accuracy` (fraction of n validation images) or `reason`."""

    key: str
    accuracy: float | None
    n: int
    epochs: int
    kept_epoch: int
    seconds: float
    weights_hash: str | None
    reason: str | None = None


class OutcomeFile:
    """The file of outcomes; a torn last line was never finished and is cut off.

    `keep` is told each line first, and keeps it elsewhere too.
    """

    def __init__(self, path: Path, keep: Callable[[bytes], None] = only_here) -> None:
        self.path = path
        self._keep = keep

    def read(self) -> dict[str, Outcome]:
        """Return all outcomes by key, the latest of each; raises FaultError for a damaged line."""
        if not self.path.exists():
            return {}
        *lines, _torn = self.path.read_bytes().split(b"\n")
        found = [_parse(line, f"{self.path}, line {i}") for i, line in enumerate(lines, 1)]
        return {outcome.key: outcome for outcome in found}

    def append(self, outcome: Outcome) -> None:
        """Add an outcome and wait until the disk has it; raises FaultError."""
        line = json.dumps(asdict(outcome)).encode() + b"\n"
        self._keep(line)
        try:
            with self.path.open("ab+") as file:
                file.seek(0)
                content = file.read()
                file.truncate(content.rfind(b"\n") + 1)
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise fault(str(self.path), f"cannot be written: {error.strerror or error}") from error


def _parse(line: bytes, where: str) -> Outcome:
    try:
        return Outcome(**json.loads(line))
    except (ValueError, TypeError) as error:
        raise fault(where, f"not a retraining: {error}") from error


def as_retraining(order: Order, outcome: Outcome, test: tuple[float, int] | None) -> Retraining:
    """Return the record of a retraining; `test` is accuracy and n of a training without split."""
    is_test = order.split is None
    accuracy, n = (test or (None, 0)) if is_test else (outcome.accuracy, outcome.n)
    return Retraining(
        stage=order.stage,
        candidate=order.candidate.name,
        params=order.candidate.config.as_params(),
        seed=order.seed,
        split_seed=order.split.seed if order.split else None,
        split="test" if is_test else "validation",
        n=n,
        accuracy=accuracy,
        epochs=outcome.epochs,
        seconds=outcome.seconds,
        weights_hash=outcome.weights_hash,
        reason=outcome.reason,
    )
