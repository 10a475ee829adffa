"""Trainer: trains configs on resident data, one compiled program for each structure."""

import hashlib
import math
import resource
import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from study.config import TrainConfig
from study.data.split import split_data
from study.data.values import Examples, Split, TrainingData
from study.engine.initial import Weights, initial_weights
from study.engine.program import Feed, Program
from study.engine.randomness import epoch_mixing, epoch_order, step_key
from study.engine.results import EpochResult, TrainingError, TrialResult
from study.engine.scalars import scalar_vector
from study.engine.schedule import step_table
from study.engine.structure import Structure, structure_of

_PROGRAMS_KEPT = 24  # a program holds some megabytes of graph; a wide space has many structures


@dataclass(frozen=True, eq=False)
class Trained:
    """A training's answer and the kept weights in Keras's order; no result where it was stopped."""

    result: TrialResult | None
    weights: Weights


@dataclass(frozen=True, eq=False)
class _Resident:
    """A split's examples as tensors; the validation ones are empty where there are none."""

    inputs: Any
    labels: Any
    held_inputs: Any
    held_labels: Any
    n: int
    held_n: int


class Trainer:
    """Train configs on one data set; keep its tensors and the compiled programs between trials.

    A training is a pure function of (data, config, seed, split): on one thread of one machine it
    gives the same bits in any process and order. `clock` gives seconds.
    """

    def __init__(self, data: TrainingData, clock: Callable[[], float] = time.perf_counter) -> None:
        self._data = data
        self._clock = clock
        self._programs: OrderedDict[Structure, Program] = OrderedDict()
        self._split: Split | None = None
        self._resident: _Resident | None = None

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
    ) -> Trained:
        """Train a config to its end; on_epoch hears each epoch and returns True to stop after it.

        With `patience` (and a split) training ends once that many epochs in a row brought no
        better validation loss, and the weights of the best epoch are kept; else the last ones.
        Raises TrainingError where the loss is no number or the config does not suit the data.
        """
        started = self._clock()
        resident = self._reside(split)
        program = self._program(config)
        features = resident.inputs.shape[1]
        program.start(initial_weights(config, features, len(self._data.about.classes), seed))
        feeds = _Feeds(config, seed, resident, self._data.about.full_scale)
        kept = _Kept(config.patience if resident.held_n else 0)
        for epoch in range(1, config.epochs + 1):
            result = self._train_epoch(program, feeds, epoch)
            kept.take(result, program)
            if on_epoch(result):
                return Trained(None, program.kept())
            if kept.exhausted:
                break
        weights, best = kept.weights_of(program)
        seconds = self._clock() - started
        return Trained(_trial_result(result, best, resident.held_n, seconds, weights), weights)

    def _train_epoch(self, program: Program, feeds: "_Feeds", epoch: int) -> EpochResult:
        began = self._clock()
        train_loss, held_loss, right = program.epoch(feeds.feed(epoch))
        n = feeds.resident.held_n
        if not math.isfinite(train_loss) or not math.isfinite(held_loss):
            raise TrainingError(f"diverged in epoch {epoch}: the loss is no finite number")
        return EpochResult(
            epoch=epoch,
            train_loss=train_loss,
            validation_loss=held_loss / n if n else None,
            validation_accuracy=right / n if n else None,
            seconds=self._clock() - began,
        )

    def _program(self, config: TrainConfig) -> Program:
        about = self._data.about
        structure = structure_of(config, about, str(self._data.examples.inputs.dtype))
        if structure.affine or structure.elastic:
            _check_image(structure, self._data.examples)
        if structure not in self._programs:
            self._programs[structure] = Program(structure)
            if len(self._programs) > _PROGRAMS_KEPT:
                self._programs.popitem(last=False)
        self._programs.move_to_end(structure)
        return self._programs[structure]

    def _reside(self, split: Split | None) -> _Resident:
        if self._resident is None or split != self._split:
            self._resident = None  # two splits at once would hold the data twice
            self._resident = _resident(self._data, split)
            self._split = split
        return self._resident


class _Feeds:
    """Make each epoch's feed for one training."""

    def __init__(
        self, config: TrainConfig, seed: int, resident: _Resident, full_scale: float
    ) -> None:
        self.resident = resident
        self._config = config
        self._seed = seed
        self._steps = math.ceil(resident.n / config.batch_size)
        self._table = step_table(config, self._steps * config.epochs)
        self._key = tf.constant(step_key(seed))
        self._batch_size = tf.constant(config.batch_size, tf.int32)
        self._scalars = tf.constant(scalar_vector(config, full_scale))

    def feed(self, epoch: int) -> Feed:
        n, first = self.resident.n, (epoch - 1) * self._steps
        alpha = self._config.mixup
        shares = epoch_mixing(self._seed, epoch, n, alpha) if alpha else np.empty(0, np.float32)
        return Feed(
            inputs=self.resident.inputs,
            labels=self.resident.labels,
            order=tf.constant(epoch_order(self._seed, epoch, n)),
            shares=tf.constant(shares),
            table=tf.constant(self._table[first : first + self._steps]),
            first=tf.constant(first, tf.int64),
            key=self._key,
            batch_size=self._batch_size,
            scalars=self._scalars,
            held_inputs=self.resident.held_inputs,
            held_labels=self.resident.held_labels,
        )


class _Kept:
    """Follow early stopping: the best epoch by validation loss and its weights."""

    def __init__(self, patience: int) -> None:
        self._patience = patience
        self._best: EpochResult | None = None
        self._last: EpochResult | None = None
        self._weights: Weights = ()

    def take(self, result: EpochResult, program: Program) -> None:
        self._last = result
        if self._patience and (self._best is None or _loss(result) < _loss(self._best)):
            self._best, self._weights = result, program.kept()

    @property
    def exhausted(self) -> bool:
        if self._best is None or self._last is None:
            return False
        return self._last.epoch - self._best.epoch >= self._patience

    def weights_of(self, program: Program) -> tuple[Weights, EpochResult | None]:
        if self._best is not None:
            return self._weights, self._best
        return program.kept(), self._last


def _loss(result: EpochResult) -> float:
    return math.inf if result.validation_loss is None else result.validation_loss


def _resident(data: TrainingData, split: Split | None) -> _Resident:
    seen = split_data(data, split)
    none = Examples(seen.train.inputs[:0], seen.train.labels[:0])
    held = none if seen.validation is None else seen.validation
    return _Resident(
        inputs=tf.constant(seen.train.inputs),
        labels=tf.constant(seen.train.labels),
        held_inputs=tf.constant(held.inputs),
        held_labels=tf.constant(held.labels),
        n=seen.train.n,
        held_n=held.n,
    )


def _check_image(structure: Structure, examples: Examples) -> None:
    if len(structure.image) != 3 or math.prod(structure.image) != examples.inputs.shape[1]:
        raise TrainingError("the config distorts images, but the data holds none")


def _trial_result(
    last: EpochResult, best: EpochResult | None, n: int, seconds: float, weights: Weights
) -> TrialResult:
    kept = last if best is None else best
    return TrialResult(
        accuracy=kept.validation_accuracy,
        loss=kept.validation_loss,
        n=n,
        epochs=last.epoch,
        kept_epoch=kept.epoch,
        parameter_count=sum(weight.size for weight in weights),
        seconds=seconds,
        weights_hash=weights_hash(weights),
        peak_bytes=_peak_bytes(),
    )


def weights_hash(weights: Weights) -> str:
    """Return the SHA-256 of the weights' shapes and little-endian float32 bytes, in order."""
    digest = hashlib.sha256()
    for weight in weights:
        digest.update(repr(weight.shape).encode())
        digest.update(np.ascontiguousarray(weight, dtype="<f4").tobytes())
    return digest.hexdigest()


def _peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
