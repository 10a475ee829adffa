"""A world that answers for any config of a space: a forest fitted to a recorded table.

The forest predicts the logarithm of the validation error at points of a training: at shares of its
planned epochs. What a seed adds is drawn from the differences between the table's trainings of one
config under two seeds. Fitted to few hundred configs, a forest smooths what is best and worst, and
so shows differences between methods smaller than they are; it never says more of a corner than its
neighbours do.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from parts.recorded_tables import Recorded, Row
from scipy.stats import spearmanr
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.model_selection import GroupKFold

from search_spaces.active import baseline_params, is_active
from search_spaces.read import load_space
from search_spaces.space import ChoiceDomain, Space
from study.config import TrainConfig, config_from_params

POINTS = 20
TREES = 100
CHANCE = 0.9
_SHARES = np.arange(1, POINTS + 1) / POINTS
_Floats = NDArray[np.float64]


class TableWorld:
    """Answer what a training of any config would reach, by a table."""

    def __init__(self, table: Recorded) -> None:
        self.table, self.space = table, load_space(table.space)
        self.n = table.n
        rows = list(_planned(table))
        self._inputs = np.array([features(self.space, row.config) for row in rows], np.float32)
        self._targets = np.array([_log_errors(row, self.n) for row in rows])
        self._groups = np.array([row.order for row in rows])
        self.configs = tuple(row.config for row in rows)
        self._residuals = _residuals(table)
        self._trees = [tree.tree_ for tree in self._fitted(slice(None)).estimators_]

    def _fitted(self, rows: NDArray[np.intp] | slice) -> ExtraTreesRegressor:
        forest = ExtraTreesRegressor(TREES, max_features=0.5, min_samples_leaf=2, random_state=0)
        return forest.fit(self._inputs[rows], self._targets[rows])

    def log_errors(self, config: TrainConfig) -> _Floats:
        """Return the expected logarithm of the error at each point: (POINTS,)."""
        row = np.array([features(self.space, config)], np.float32)
        return np.asarray(np.mean([tree.predict(row)[0, :, 0] for tree in self._trees], axis=0))

    def final_log_errors_by_tree(self, configs: Sequence[TrainConfig]) -> _Floats:
        """Return the logarithm of each config's final error by each tree: (configs, TREES)."""
        rows = np.array([features(self.space, one) for one in configs], np.float32)
        return np.array([tree.predict(rows)[:, -1, 0] for tree in self._trees]).T

    @property
    def baseline(self) -> TrainConfig:
        """Return the baseline of the space."""
        return config_from_params(baseline_params(self.space))

    def true_accuracy(self, config: TrainConfig) -> float:
        """Return what a config reaches on average."""
        return 1 - math.exp(self.log_errors(config)[-1])

    def curve(self, config: TrainConfig, seed: int) -> _Floats:
        """Return the accuracies by epoch of one training: (epochs,)."""
        rng = np.random.default_rng(seed)
        residual = rng.choice([-1.0, 1.0]) * rng.choice(self._residuals)
        shares = np.arange(1, config.epochs + 1) / config.epochs
        logs = np.interp(shares, _SHARES, self.log_errors(config) + residual)
        accuracies: _Floats = np.rint((1 - np.minimum(1.0, np.exp(logs))) * self.n) / self.n
        return accuracies

    def cross_validated(self, folds: int = 10) -> tuple[float, float, float]:
        """Return how a forest predicts configs that it has not seen, by their final accuracy.

        The rank correlation over all, that among the better half, and the median absolute error in
        points; a prediction is held against one noisy training.
        """
        predicted = np.empty(len(self._targets))
        for fit, held in GroupKFold(folds).split(self._inputs, groups=self._groups):
            predicted[held] = self._fitted(fit).predict(self._inputs[held])[:, -1]
        seen = self._targets[:, -1]
        better = seen <= np.median(seen)
        error = 100 * np.median(np.abs(np.exp(predicted) - np.exp(seen)))
        among = spearmanr(predicted[better], seen[better]).statistic
        return float(spearmanr(predicted, seen).statistic), float(among), float(error)

    @property
    def noise(self) -> float:
        """Return the standard deviation that seeds give the logarithm of the final error."""
        return float(np.sqrt(np.mean(self._residuals[:, -1] ** 2)))


def features(space: Space, config: TrainConfig) -> list[float]:
    """Return a config as numbers: logarithms where domains are, choices as indicators.

    A parameter that a condition leaves out has -1 where an active one has 0 to 1.
    """
    values = {name: getattr(config, name) for name in vars(config) if name != "key"}
    found: list[float] = []
    for one in space.parameters:
        active = is_active(one, values)
        value = values[one.name]
        match one.domain:
            case ChoiceDomain(values=choices):
                found += [float(value == choice) if active else -1.0 for choice in choices]
            case domain:
                low, high, at = float(domain.low), float(domain.high), float(value)
                if domain.log:
                    low, high, at = math.log(low), math.log(high), math.log(max(at, low / 2))
                found.append((at - low) / (high - low) if active else -1.0)
    return found


def _planned(table: Recorded) -> Iterator[Row]:
    """Yield the rows; of `four` a row for each number of epochs, the beginnings of its training."""
    for row in table.rows:
        if table.space != "four" or row.accuracy is None:
            yield row
            continue
        for epochs in range(3, row.config.epochs + 1):
            config = replace(row.config, epochs=epochs)
            curve = row.accuracies[:epochs]
            yield Row(row.order, config, curve, float(curve[-1]))


def _log_errors(row: Row, n: int) -> _Floats:
    """Return the logarithm of the error at each point; chance once the loss was no number."""
    errors = np.maximum(1 - row.accuracies, 0.5 / n)
    epochs = np.arange(1, len(errors) + 1)
    planned = row.config.epochs
    if row.accuracy is None:
        epochs, errors = np.append(epochs, len(errors) + 1), np.append(errors, CHANCE)
    elif len(errors):
        errors[-1] = max(1 - row.accuracy, 0.5 / n)
    return np.asarray(np.interp(_SHARES * planned, epochs, np.log(errors)))


def _residuals(table: Recorded) -> _Floats:
    """Return what seeds do, as half-differences of the same config's trainings: (pairs, POINTS)."""
    rows: dict[int, list[Row]] = {}
    for row in table.rows:
        if row.accuracy is not None:
            rows.setdefault(row.order, []).append(row)
    pairs = [two for two in rows.values() if len(two) == 2]
    logs = [[_log_errors(row, table.n) for row in two] for two in pairs]
    return np.array([(first - second) / math.sqrt(2) for first, second in logs])
