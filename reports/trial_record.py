"""TrialRecord: what one trial was given and what it reached, as frozen values.

Accuracies are fractions 0-1, times are UTC in ISO 8601, durations are seconds and follow no clock
that can be set.
"""

from dataclasses import dataclass, field
from typing import Literal

from reports.value_types import Count, Fraction, Measured, Seconds, Time
from search_spaces.parameters import Params
from search_spaces.unsaid import UNSAID

State = Literal["running", "interrupted", "complete", "pruned", "failed"]
Origin = Literal["baseline", "search", "enqueued", "repeat"]
# Whether a search suggested the candidates, or somebody who found them elsewhere gave them.
CandidateSource = Literal["searched", "given"]


@dataclass(frozen=True)
class EpochRecord:
    """One epoch of one trial: 1-based number, mean losses, validation accuracy, seconds.

    `value` is the study's measure on the validation rows, None where that is the accuracy.
    """

    epoch: Count
    train_loss: float
    validation_loss: float | None
    validation_accuracy: Fraction | None
    seconds: Seconds
    value: Measured | None = field(default=None, metadata=UNSAID)


@dataclass(frozen=True)
class TrialRecord:
    """One trial: what it was given (params, seed, origin) and what it reached.

    `accuracy` belongs to the weights kept at the end, on `n` images of `split`; None unless the
    trial is complete. `value` is the study's measure of the same weights on the same images, and
    `value_sd` the standard deviation of one image's; both are None where that is the accuracy.
    Where early stopping chose the epoch all are `cross_fitted`: no image is scored at an epoch that
    it helped to choose (studies of the first edition did not do so). A pruned trial's last accuracy
    is the last of its curve. `params` are the searched ones only; `config` is every parameter.
    `reason` says why it failed or was pruned. An interrupted one has not ended, and no process runs
    the study: it waits to be run again.
    On several `folds` (None: one split) it was trained on each in turn: `n` are the rows of all, as
    are accuracy and value, and `curve` and `weights_hash` are of the first alone.
    `lost` marks an attempt that ended with its worker: it is shown but not counted.
    `unpruned` marks a trial that the pruner would have stopped and that was run to its end.
    `started` and `ended` are times of day, for people; `started_after` and `ended_after` are the
    seconds that the search had run by then, without the pauses between runs.
    """

    number: Count
    state: State
    origin: Origin
    params: Params
    config: Params
    seed: int
    split: str
    n: Count
    accuracy: Fraction | None = None
    loss: float | None = None
    curve: tuple[EpochRecord, ...] = ()
    reason: str | None = None
    lost: bool = False
    unpruned: bool = False
    retry_of: Count | None = None
    worker: str | None = None
    started: Time | None = None
    ended: Time | None = None
    started_after: Seconds | None = None
    ended_after: Seconds | None = None
    seconds: Seconds | None = None
    parameter_count: Count | None = None
    weights_hash: str | None = None
    cross_fitted: bool = False
    folds: Count | None = field(default=None, metadata=UNSAID)
    value_sd: Measured | None = field(default=None, metadata=UNSAID)
    value: Measured | None = field(default=None, metadata=UNSAID)
