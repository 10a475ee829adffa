"""What a training costs in seconds, learnt from those that ended."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from study.config import TrainConfig

# How a training of the baseline's size spends its time, as long as few have been measured: on what
# does not grow, on steps, on products of weights with images, on updates of weights.
_SHARES = np.array([0.15, 0.15, 0.5, 0.2])
# What these shares weigh beside one training, and after how many others a training weighs half.
_PRIOR, _HALF_LIFE = 0.3, 10.0
# So many trainings are looked at, the latest; of one config so many.
_LATEST, _LATEST_OF_ONE = 100, 4
_LEAST_SECONDS = 1e-3
# What a training larger than any that was measured may cost beside what is fitted.
_CAUTION = 1.25

Row = NDArray[np.float64]


@dataclass(frozen=True)
class Sizes:
    """What the data decides: inputs and classes of a network, and the share of validation rows.

    A training that is scored is one on each of `folds`.
    """

    features: int
    classes: int
    share: float
    folds: int = 1

    @property
    def scored(self) -> float:
        """Return how many times what a training on all rows takes one that is scored takes."""
        return (1 - self.share) * self.folds


@dataclass(frozen=True)
class Measured:
    """A training that ended: its config, the epochs that it trained, its seconds on train rows.

    Epochs are those of a fold; of one that was stopped within the first fold, their part of it.
    """

    config: TrainConfig
    epochs: float
    seconds: float


@dataclass(frozen=True)
class TrainingCosts:
    """Tell what a training will cost, by those `measured`, the latest last.

    Seconds are a sum with no negative part: one for what does not grow, one an epoch and step, one
    an epoch and weight, one an epoch, weight and step. It is fitted to relative errors by least
    squares (Lawson & Hanson 1974, "Solving Least Squares Problems", chapter 23), later trainings
    weighing more, and held near the shares of the baseline while few are known. A config that was
    trained itself is scaled towards its own seconds.
    """

    baseline: TrainConfig
    sizes: Sizes
    measured: tuple[Measured, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything was measured."""
        return bool(self.measured)

    def taking(self, more: Sequence[Measured]) -> "TrainingCosts":
        """Return the costs with more trainings measured."""
        return replace(self, measured=(*self.measured, *more))

    def seconds(self, config: TrainConfig) -> float:
        """Return the seconds of a training on the training rows; some must be measured."""
        own = self._by_config.get(config.key, ())[-_LATEST_OF_ONE:]
        expected = self._fitted(config, config.epochs)
        if not own:
            return expected
        ratios = [math.log(_positive(one) / self._fitted(one.config, one.epochs)) for one in own]
        trust = len(own) / (len(own) + 1)
        return expected * math.exp(trust * sum(ratios) / len(own))

    def cautious_seconds(self, config: TrainConfig) -> float:
        """Return the seconds of a training, more where none of its size was measured."""
        seconds = self.seconds(config)
        return seconds if seconds <= self._dearest else _CAUTION * seconds

    def whole_seconds(self, config: TrainConfig) -> float:
        """Return the seconds of a training on training and validation rows."""
        return self.seconds(config) / self.sizes.scored

    @cached_property
    def _dearest(self) -> float:
        return max(self.seconds(one.config) for one in self.measured[-_LATEST:])

    @cached_property
    def _by_config(self) -> dict[str, list[Measured]]:
        found: dict[str, list[Measured]] = {}
        for one in self.measured:
            found.setdefault(one.config.key, []).append(one)
        return found

    @cached_property
    def typical(self) -> float:
        """Return the mean seconds of what was measured, had each trained all its epochs."""
        latest = self.measured[-_LATEST:]
        return sum(self._fitted(one.config, one.config.epochs) for one in latest) / len(latest)

    def _fitted(self, config: TrainConfig, epochs: float) -> float:
        return max(_LEAST_SECONDS, float(self._row(config, epochs) @ self._parts))

    def _row(self, config: TrainConfig, epochs: float) -> Row:
        """Return the four parts of a training relative to the baseline's."""
        own = _work(config, self.sizes)
        trained = epochs / max(1, self.baseline.epochs)
        return np.array([1.0, *(trained * a / b for a, b in zip(own, self._base, strict=True))])

    @cached_property
    def _base(self) -> tuple[float, float, float]:
        return _work(self.baseline, self.sizes)

    @cached_property
    def _parts(self) -> Row:
        latest = self.measured[-_LATEST:]
        rows = np.array([self._row(one.config, one.epochs) for one in latest])
        seconds = np.array([_positive(one) for one in latest])
        scale = float(np.exp(np.mean(np.log(seconds / (rows @ _SHARES)))))
        ages = np.arange(len(latest))[::-1]
        weights = np.sqrt(0.5 ** (ages / _HALF_LIFE)) / seconds
        prior = math.sqrt(_PRIOR) * np.diag(1 / (scale * _SHARES))
        left = np.vstack([rows * weights[:, None], prior])
        right = np.concatenate([seconds * weights, np.full(4, math.sqrt(_PRIOR))])
        found: Row = nnls(left, right)[0]
        return found


def _positive(one: Measured) -> float:
    return max(_LEAST_SECONDS, one.seconds)


def _work(config: TrainConfig, sizes: Sizes) -> tuple[float, float, float]:
    """Return what an epoch costs an image: steps, weights, and weights updated."""
    layers = (sizes.features, *config.widths, sizes.classes)
    weights = sum(one * other for one, other in pairwise(layers))
    return 1 / config.batch_size, float(weights), weights / config.batch_size
