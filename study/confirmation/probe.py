"""Probe trials: a few trainings on the validation split that predict what a study would be like."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import optuna

from reports.statistics.crossed import Correct
from reports.statistics.crossed_values import Values
from reports.statistics.scores import Scores, scores
from reports.statistics.two_way import LEAST_IMAGES
from search_spaces.faults import fault
from search_spaces.measures import MEASURES, MeasureName
from search_spaces.optuna_domains import ask_params, distribution, full_params
from search_spaces.parameters import Params, Scalar
from search_spaces.space import Space
from study.budget.costs import Measured, Sizes, TrainingCosts
from study.config import TrainConfig, config_from_params
from study.coordinator.interrupts import Interrupts
from study.coordinator.jobs import run_jobs
from study.data.prepared import preparation_of, prepared_inputs
from study.data.row_values import row_values
from study.data.split import VALIDATION_SHARE, split_data
from study.data.values import Split, TrainingData
from study.engine.seeds import derive_seed, search_split_seed
from study.executors.protocol import Executor, Finished, Job
from study.networks.tasks import Ask, Classify

# Seeds of the two configs whose spread is estimated.
PROBE_SEEDS = 3


@dataclass(frozen=True, eq=False)
class Probes:
    """What the probes found: seconds and peak bytes, what networks scored on validation.

    `baseline` and `other` (the best of the random configs) are of PROBE_SEEDS networks each.
    `costs` tells what other trainings would cost, and `best` is that config. Probes are trained on
    one split; a trial of the study would be on each of `folds`, and be scored on `scored_n` images,
    as `scoring` says in words.
    """

    seconds: tuple[float, ...]
    peak_bytes: int
    baseline: Scores
    other: Scores
    costs: TrainingCosts | None = None
    best: TrainConfig | None = None
    folds: int = 1
    scored_n: int = 0
    scoring: str = ""


@dataclass(frozen=True)
class ProbeTask:
    """What to probe: space, data, study seed, the number of random configs, the measure, folds."""

    space: Space
    training: TrainingData
    seed: int
    configs: int
    measure: MeasureName = "accuracy"
    folds: int = 1


def random_configs(space: Space, count: int, seed: int) -> tuple[TrainConfig, ...]:
    """Draw configs from a space at random."""
    domains = {one.name: distribution(one.domain) for one in space.parameters}
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.RandomSampler(seed=seed)
    optuna_study = optuna.create_study(sampler=sampler)
    drawn = [_params(space, optuna_study.ask(domains).params) for _ in range(count)]
    return tuple(config_from_params(full_params(space, one), space.name) for one in drawn)


def _params(space: Space, values: Params) -> dict[str, Scalar]:
    return ask_params(space, lambda name, _: values[name])


def probe(
    task: ProbeTask, executor: Executor, ask: Ask, interrupts: Interrupts | None = None
) -> Probes:
    """Train the baseline under three seeds, random configs under one and their best under three.

    Raises FaultError where the baseline or every random config fails.
    """
    seeds = [derive_seed(task.seed, "probe", number) for number in range(PROBE_SEEDS)]
    baseline = config_from_params(task.space.baseline.params, "baseline")
    drawn = random_configs(task.space, task.configs, task.seed)
    context = _Probing(task, executor, ask, interrupts)
    first = context.train([(baseline, seed) for seed in seeds] + [(one, seeds[0]) for one in drawn])
    base, others = first[:PROBE_SEEDS], [one for one in first[PROBE_SEEDS:] if one is not None]
    if any(one is None for one in base) or not others:
        raise fault("plan", "probe trials failed, so nothing can be predicted")
    best = max(others, key=lambda one: context.scores([one]).means[0])
    rest = context.train([(best.config, seed) for seed in seeds[1:]])
    more = [one for one in rest if one is not None]
    if len(more) < PROBE_SEEDS - 1:
        raise fault("plan", "probe trials failed, so nothing can be predicted")
    return Probes(
        seconds=tuple(context.seconds),
        peak_bytes=context.peak_bytes,
        baseline=context.scores([one for one in base if one is not None]),
        other=context.scores([best, *more]),
        costs=TrainingCosts(baseline, _sizes(task), tuple(context.measured)),
        best=best.config,
        folds=task.folds,
        scored_n=_scored_n(task),
    )


def _sizes(task: ProbeTask) -> Sizes:
    features = int(task.training.examples.inputs.shape[1])
    return Sizes(features, len(task.training.about.classes), VALIDATION_SHARE, task.folds)


def _scored_n(task: ProbeTask) -> int:
    """Return the images on which a trial of the study would be scored."""
    search = Split(search_split_seed(task.seed), VALIDATION_SHARE, task.folds)
    held = (split_data(task.training, one).validation for one in search.in_turn())
    return sum(one.n for one in held if one)


@dataclass(frozen=True, eq=False)
class _Answered:
    """A trained config: which validation inputs (n,) were correct, and what each cost if asked."""

    config: TrainConfig
    correct: Correct
    values: Values | None


class _Probing:
    """Train configs on the search's split and say what they answer on validation."""

    def __init__(
        self, task: ProbeTask, executor: Executor, ask: Ask, interrupts: Interrupts | None
    ) -> None:
        self._executor, self._ask, self._interrupts = executor, ask, interrupts
        self._training, self._about = task.training, task.training.about
        self._measure, self._folds = task.measure, task.folds
        self._split = Split(search_split_seed(task.seed), VALIDATION_SHARE)
        validation = split_data(task.training, self._split).validation
        n = validation.n if validation else 0
        if validation is None or n < LEAST_IMAGES:
            what = f"too few validation {self._about.inputs} to predict anything"
            raise fault("plan", what, str(n), f"at least {LEAST_IMAGES}")
        self._validation = validation
        self.seconds: list[float] = []
        self.measured: list[Measured] = []
        self.peak_bytes = 0

    def train(self, asked: Sequence[tuple[TrainConfig, int]]) -> list[_Answered | None]:
        jobs = [
            Job(number, config, seed, self._about.fingerprint, self._split, keep_weights=True)
            for number, (config, seed) in enumerate(asked)
        ]
        ends = run_jobs(self._executor, jobs, interrupts=self._interrupts)
        return [self._answered(config, ends[number]) for number, (config, _) in enumerate(asked)]

    def scores(self, answered: Sequence[_Answered]) -> Scores:
        """Return what these networks scored by the measure."""
        values = [one.values for one in answered if one.values is not None]
        correct = np.stack([one.correct for one in answered])
        own = np.stack(values) if values else None
        held = self._validation
        return scores(MEASURES[self._measure], correct, held.labels, own, held.weights)

    def _answered(self, config: TrainConfig, end: object) -> _Answered | None:
        if not isinstance(end, Finished) or end.weights is None:
            return None
        self.seconds.append(end.result.seconds)
        # A trial is one on each fold.
        seconds = end.result.seconds * self._folds
        self.measured.append(Measured(config, end.result.epochs, seconds))
        self.peak_bytes = max(self.peak_bytes, end.result.peak_bytes)
        preparation = preparation_of(self._training, self._split, config)
        inputs = prepared_inputs(self._validation.inputs, preparation)
        task = Classify(config, end.weights, inputs, self._about)
        chances = self._ask(task)
        labels = self._validation.labels
        correct: Correct = chances.argmax(axis=1) == labels
        if MEASURES[self._measure].direction == "maximize":
            # Accuracies follow from who was correct.
            return _Answered(config, correct, correct.astype(np.float64))
        return _Answered(config, correct, row_values(self._measure, chances, labels))
