"""Which config a bundle holds, and the accuracy it stands for."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev

from scipy import special

from reports.numbers import InputsWord, plural
from reports.record import Retraining, StudyRecord
from reports.trial_record import TrialRecord
from reports.trials import accuracy_of, best_trial, confirmed_finals, trial_name
from search_spaces.faults import fault
from search_spaces.measures import MeasureName
from study.bundle.manifest import Claim
from study.config import TrainConfig, config_from_params

LEVEL = 0.95


@dataclass(frozen=True)
class Choice:
    """A config to bundle, and the seed to train it under on train + validation.

    `weights_hash` is that of the confirmation's own training, None where there was no final.
    """

    candidate: str
    config: TrainConfig
    seed: int
    weights_hash: str | None
    claim: Claim


def choose(record: StudyRecord, share: float) -> Choice:
    """Return the confirmed winner, or else the search's best complete trial.

    `share` is the search's validation share. Raises FaultError where no trial was completed.
    """
    finals = confirmed_finals(record)
    return _confirmed(record, finals) if finals else _best_trial(record, share)


def _confirmed(record: StudyRecord, finals: Sequence[Retraining]) -> Choice:
    first = finals[0]
    accuracies = [one.accuracy for one in finals if one.accuracy is not None]
    expected = expected_range(accuracies, first.n, record.data.inputs)
    own = _measured(record, first.value)
    claim = Claim(accuracies[0], "test", first.n, first.seed, None, None, *expected, *own)
    config = config_from_params(first.params, first.candidate)
    return Choice(first.candidate, config, first.seed, first.weights_hash, claim)


def _best_trial(record: StudyRecord, share: float) -> Choice:
    trial = best_trial(record)
    if trial is None:
        raise fault(f"study {record.name}", "no trial was completed, so there is nothing to export")
    accuracy = accuracy_of(trial)
    expected = expected_range([accuracy], trial.n, record.data.inputs)
    seeds = (trial.seed, record.split_seed, share)
    own = _measured(record, trial.value)
    claim = Claim(accuracy, "validation", trial.n, *seeds, *expected, *own, trial.folds or 1)
    return Choice(trial_name(trial), _fixed_epochs(trial), trial.seed, None, claim)


def _measured(record: StudyRecord, value: float | None) -> tuple[MeasureName | None, float | None]:
    """Return a study's measure and a value of it as a claim has them."""
    return (None, None) if value is None else (record.measure, value)


def _fixed_epochs(trial: TrialRecord) -> TrainConfig:
    """Fix the epochs where a config stopped early: a training without validation cannot stop."""
    config = config_from_params(trial.config, trial_name(trial))
    losses = [row.validation_loss for row in trial.curve if row.validation_loss is not None]
    if config.patience == 0 or not losses:
        return config
    return config.ended_after(1 + losses.index(min(losses)))


def expected_range(
    accuracies: Sequence[float], n: int, inputs: InputsWord = "images"
) -> tuple[float, float, str]:
    """Return in which range (both ends included) one more training's accuracy is expected, and why.

    Over several seeds: mean +- t s sqrt(1 + 1/k), Student's prediction interval, widened to what
    was seen. From one: the 95 % interval of two trainings that differ only by chance on n images.
    """
    k, center = len(accuracies), mean(accuracies)
    if k > 1:
        quantile = float(special.stdtrit(k - 1, (1 + LEVEL) / 2))
        half = max(quantile * stdev(accuracies) * math.sqrt(1 + 1 / k), 1 / n)
        basis = f"95 % prediction interval of one more training, from {plural(k, 'seed')}"
    else:
        half = 1.96 * math.sqrt(2 * max(center * (1 - center), 1 / n) / n)
        basis = f"95 % interval of an equally good training on {n:,} {inputs}, from 1 seed"
    low, high = min(center - half, *accuracies), max(center + half, *accuracies)
    return max(0.0, low), min(1.0, high), basis
