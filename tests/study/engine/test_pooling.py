"""A trial on several folds is so many trainings, and its score is over all of their rows."""

import math
from dataclasses import replace

import numpy as np
import pytest

from study.config import TrainConfig
from study.data.folds import fold_numbers
from study.data.row_values import row_values
from study.data.values import Split, TrainingData
from study.engine.pooling import pooled
from study.engine.results import TrialResult
from study.engine.seeds import fold_seed
from study.engine.trainer import Trainer
from study.executors.protocol import EpochEnded, Finished, Job
from study.executors.train_job import train_job

CONFIG = TrainConfig(depth=1, width=8, epochs=3, batch_size=32)
ON_FOLDS = Split(7, 1 / 3, 3)


def result(n: int, accuracy: float, **more) -> TrialResult:
    return TrialResult(accuracy, 1 - accuracy, n, 4, 4, 9, 2.0, "a" * 64, 100, **more)


def test_what_folds_reached_is_pooled_over_their_rows() -> None:
    first = replace(result(10, 0.9), epochs=3, kept_epoch=1, peak_bytes=500)
    found = pooled([first, result(20, 0.6), replace(result(30, 0.5), epochs=9, kept_epoch=8)])
    assert found.accuracy == (9 + 12 + 15) / 60
    assert found.loss == pytest.approx((10 * 0.1 + 20 * 0.4 + 30 * 0.5) / 60)
    assert (found.n, found.epochs, found.kept_epoch) == (60, 4, 4)
    assert (found.seconds, found.peak_bytes, found.value) == (6.0, 500, None)


def test_the_spread_of_a_row_is_that_of_all_rows() -> None:
    rows = np.array([0.1, 0.5, 2.0, 0.3, 0.2, 0.9, 0.4])
    parts = [rows[:3], rows[3:]]
    found = pooled(
        [result(len(one), 0.5, value=float(one.mean()), value_sd=float(one.std())) for one in parts]
    )
    assert found.value == pytest.approx(rows.mean())
    assert found.value_sd == pytest.approx(rows.std())


def test_one_split_is_pooled_to_itself() -> None:
    only = result(10, 1 / 3, value=math.pi, value_sd=0.1)
    assert pooled([only]) is only


@pytest.mark.slow
@pytest.mark.parametrize("patience", [0, 2])
def test_a_job_on_folds_is_to_the_bit_so_many_trainings(
    data: TrainingData, trainer: Trainer, patience: int
) -> None:
    config = replace(CONFIG, patience=patience)
    job = Job(5, config, 3, data.about.fingerprint, ON_FOLDS, keep_weights=True, measure="log_loss")
    events = []
    end = train_job(trainer, job, events.append, lambda: False)
    again = train_job(Trainer(data), job, lambda _: None, lambda: False)
    apart = [
        Trainer(data).train(config, fold_seed(3, split.fold), split, lambda _: False, "log_loss")
        for split in ON_FOLDS.in_turn()
    ]
    assert isinstance(end, Finished)
    assert isinstance(again, Finished)
    expected = pooled([one.result for one in apart if one.result])
    for found in (end, again):
        assert replace(found.result, seconds=0, peak_bytes=0) == replace(
            expected, seconds=0, peak_bytes=0
        )
    assert end.result.n == 200
    # One curve, the first fold's, and its weights.
    assert [one.result.epoch for one in events] == list(range(1, apart[0].result.epochs + 1))
    assert all(isinstance(one, EpochEnded) for one in events)
    assert [one.tobytes() for one in end.weights] == [one.tobytes() for one in apart[0].weights]


@pytest.mark.slow
def test_balanced_accuracy_over_folds_is_that_of_all_rows(data: TrainingData) -> None:
    # 5 rows of one class are left: some folds hold out one of them, others two.
    kept = np.r_[
        np.flatnonzero(data.examples.labels != 3), np.flatnonzero(data.examples.labels == 3)[:5]
    ]
    examples = replace(
        data.examples, inputs=data.examples.inputs[kept], labels=data.examples.labels[kept]
    )
    rare = replace(data, examples=examples)
    job = Job(5, CONFIG, 3, data.about.fingerprint, ON_FOLDS, measure="balanced_accuracy")
    end = train_job(Trainer(rare), job, lambda _: None, lambda: False)
    folds = fold_numbers(rare, 3, ON_FOLDS.seed)
    chances = np.zeros((len(kept), 4), np.float32)
    for split in ON_FOLDS.in_turn():
        held = folds == split.fold
        trained = Trainer(rare).train(CONFIG, fold_seed(3, split.fold), split, lambda _: False)
        chances[held] = predicted(trained.weights, examples.inputs[held])
    values = row_values("balanced_accuracy", chances, examples.labels)
    assert isinstance(end, Finished)
    assert end.result.value == pytest.approx(values.mean(), abs=1e-9)
    assert end.result.value_sd == pytest.approx(values.std(), abs=1e-9)
    assert end.result.n == len(kept)


def predicted(weights, inputs) -> np.ndarray:
    hidden = np.maximum(inputs / np.float32(255) @ weights[0] + weights[1], 0)
    logits = hidden @ weights[2] + weights[3]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
