"""What training answers: small frozen records without keras or tensorflow."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EpochResult:
    """One epoch: 1-based number, mean losses (nats an image), accuracy as a fraction, seconds.

    Validation figures are None where the training has no validation split. `value` is the measure
    that was asked for, None where that is the accuracy.
    """

    epoch: int
    train_loss: float
    validation_loss: float | None
    validation_accuracy: float | None
    seconds: float
    value: float | None = None


@dataclass(frozen=True)
class TrialResult:
    """A training's end: accuracy (fraction of n validation images) of the weights it kept.

    Where validation loss chose the epoch, accuracy and loss are cross-fitted instead
    (`study.engine.cross_fitting`), and `cross_fitted` says so. `epochs` is the number trained,
    `kept_epoch` the one whose weights were kept (early stopping). `weights_hash` is the SHA-256 of
    the kept weights' bytes, `peak_bytes` the process's peak memory. Without a validation split
    accuracy and loss are None and n is 0. `value` is the measure that was asked for and `value_sd`
    the standard deviation of a row's value around it, both None where it is the accuracy.
    """

    accuracy: float | None
    loss: float | None
    n: int
    epochs: int
    kept_epoch: int
    parameter_count: int
    seconds: float
    weights_hash: str
    peak_bytes: int
    cross_fitted: bool = False
    value: float | None = None
    value_sd: float | None = None


class TrainingError(Exception):
    """Tell why a training failed by its own doing; repeating it is no use."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
