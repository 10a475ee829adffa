"""Trainer: trains configs on resident data, one compiled program for each structure."""

import math
import resource
import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from search_spaces.faults import FaultError
from search_spaces.measures import MeasureName
from study.config import TrainConfig
from study.data.fitting import Choices
from study.data.prepared import choices_of
from study.data.values import Split, TrainingData
from study.engine.cross_fitting import CrossFitted
from study.engine.feed import Feeds, Resident, make_resident
from study.engine.initial import initial_weights
from study.engine.program import EpochSums, Program
from study.engine.results import EpochResult, TrainingError, TrialResult
from study.engine.stopping import Best
from study.engine.structure import Structure, structure_of
from study.engine.weights import Weights, weights_hash

_PROGRAMS_KEPT = 24  # a program holds some megabytes of graph; a wide space has many structures


@dataclass(frozen=True, eq=False)
class Trained:
    """A training's answer and the kept weights in Keras's order; no result where it was stopped."""

    result: TrialResult | None
    weights: Weights


class Trainer:
    """Train configs on one data set; keep its tensors and the compiled programs between trials.

    A training is a pure function of (data, config, seed, split): on one thread of one machine it
    gives the same bits in any process and order. `clock` gives seconds.
    """

    def __init__(self, data: TrainingData, clock: Callable[[], float] = time.perf_counter) -> None:
        self._data = data
        self._clock = clock
        self._programs: OrderedDict[Structure, Program] = OrderedDict()
        self._residing: tuple[Split | None, Choices | None, MeasureName] | None = None
        self._resident: Resident | None = None

    @property
    def traces(self) -> int:
        """Return how often the kept programs were traced."""
        return sum(program.traces for program in self._programs.values())

    def train(
        self,
        config: TrainConfig,
        seed: int,
        split: Split | None,
        on_epoch: Callable[[EpochResult], bool],
        measure: MeasureName = "accuracy",
    ) -> Trained:
        """Train a config to its end; on_epoch hears each epoch and returns True to stop after it.

        With `patience` (and a split) training ends once that many epochs in a row brought no
        better validation loss, and the weights of the best epoch are kept; else the last ones.
        Accuracy, loss and the `measure` are then cross-fitted: images that chose the epoch do not
        score it. On a fold the result's measure is its part of that of all folds.
        Raises TrainingError where the loss is no number or the config does not suit the data.
        """
        started = self._clock()
        resident = self._reside(split, choices_of(config, self._data.about), measure)
        program = self._program(config, measure)
        about, features = self._data.about, resident.inputs.shape[1]
        program.start(initial_weights(config, features, len(about.classes), seed))
        feeds = Feeds(config, seed, resident, about.full_scale)
        patience = config.patience if resident.held_n else 0
        best, fitted = Best(patience), CrossFitted()
        for epoch in range(1, config.epochs + 1):
            last, sums = self._train_epoch(program, feeds, epoch, resident, measure)
            if patience:
                fitted.add(sums.fold_losses, sums.fold_right, sums.fold_values, sums.fold_squares)
            if best.improves(last):
                kept = last
                weights = program.kept() if patience else ()
            if on_epoch(last):
                return Trained(None, weights or program.kept())
            if best.exhausted:
                break
        weights = weights or program.kept()
        value, value_sd = _measured(
            fitted if patience else sums, measure, resident.held_n, resident.held_spread
        )
        result = TrialResult(
            accuracy=fitted.right / resident.held_n if patience else kept.validation_accuracy,
            loss=fitted.loss / resident.held_n if patience else kept.validation_loss,
            n=resident.held_n,
            epochs=last.epoch,
            kept_epoch=kept.epoch,
            parameter_count=sum(weight.size for weight in weights),
            seconds=self._clock() - started,
            weights_hash=weights_hash(weights),
            peak_bytes=peak_bytes(),
            cross_fitted=patience > 0,
            value=value,
            value_sd=value_sd,
        )
        return Trained(result, weights)

    def _train_epoch(
        self, program: Program, feeds: Feeds, epoch: int, resident: Resident, measure: MeasureName
    ) -> tuple[EpochResult, EpochSums]:
        began, n = self._clock(), resident.held_n
        sums = program.epoch(feeds.feed(epoch))
        if not math.isfinite(sums.train_loss) or not math.isfinite(sums.loss):
            raise TrainingError(f"diverged in epoch {epoch}: the loss is no finite number")
        result = EpochResult(
            epoch=epoch,
            train_loss=sums.train_loss,
            validation_loss=sums.loss / n if n else None,
            validation_accuracy=sums.right / n if n else None,
            seconds=self._clock() - began,
            value=_measured(sums, measure, resident.held_weight)[0],
        )
        return result, sums

    def _program(self, config: TrainConfig, measure: MeasureName) -> Program:
        examples = self._data.examples
        structure = structure_of(config, self._data.about, str(examples.inputs.dtype), measure)
        _check_images(structure, examples.inputs.shape[1])
        if structure not in self._programs:
            self._programs[structure] = Program(structure)
            if len(self._programs) > _PROGRAMS_KEPT:
                self._programs.popitem(last=False)
        self._programs.move_to_end(structure)
        return self._programs[structure]

    def _reside(
        self, split: Split | None, choices: Choices | None, measure: MeasureName
    ) -> Resident:
        if self._resident is None or (split, choices, measure) != self._residing:
            self._resident = None  # two splits at once would hold the data twice
            try:
                self._resident = make_resident(self._data, split, choices, measure)
            except FaultError as error:
                raise TrainingError(str(error)) from error
            self._residing = split, choices, measure
        return self._resident


def _measured(
    sums: CrossFitted | EpochSums, measure: MeasureName, n: float, spread: float = 1.0
) -> tuple[float | None, float | None]:
    """Return a measure's value over n rows, and the standard deviation of a row's.

    Both are None where the measure is the accuracy, and without rows. Where rows have weights of
    their own, it is what n rows that count the same would vary the mean as much with: `spread` is
    their mean squared weight (Kish 1992, "Weighting for unequal P_i", Journal of Official
    Statistics 8).
    """
    if measure == "accuracy" or not n:
        return None, None
    mean = sums.value / n
    variance = max(0.0, sums.squares / n - mean * mean)
    return mean, math.sqrt(variance * spread)


def _check_images(structure: Structure, features: int) -> None:
    if not structure.distorts:
        return
    if len(structure.image) != 3 or math.prod(structure.image) != features:
        raise TrainingError("the config distorts images, but the data holds none")


def peak_bytes() -> int:
    """Return the most memory that this process has held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
