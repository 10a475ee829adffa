"""Early stopping: which epoch's weights are kept, and when to stop looking for better ones."""

import math

from study.engine.results import EpochResult


class Best:
    """Follow the best epoch by validation loss; without patience the last epoch is the best.

    As Keras's EarlyStopping that restores the best weights, also where the epochs run out.
    """

    def __init__(self, patience: int) -> None:
        self._patience = patience
        self._best: EpochResult | None = None
        self._last: EpochResult | None = None

    def improves(self, result: EpochResult) -> bool:
        """Take note of an epoch; tell whether its weights are now the ones to keep."""
        self._last = result
        if self._patience == 0 or self._best is None or _loss(result) < _loss(self._best):
            self._best = result
            return True
        return False

    @property
    def exhausted(self) -> bool:
        """Tell whether `patience` epochs in a row brought no better loss."""
        if self._patience == 0 or self._best is None or self._last is None:
            return False
        return self._last.epoch - self._best.epoch >= self._patience


def _loss(result: EpochResult) -> float:
    return math.inf if result.validation_loss is None else result.validation_loss
