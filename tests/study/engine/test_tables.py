"""A table is prepared on the rows that a training learns from, and on no others."""

from dataclasses import replace

import numpy as np
import pytest

from study.config import TrainConfig, config_from_params
from study.data.columns import Column
from study.data.prepared import preparation_of, prepared_inputs, prepared_split
from study.data.split import split_data
from study.data.values import About, Examples, Split, TrainingData
from study.engine.results import TrainingError
from study.engine.trainer import Trainer
from study.networks.keras_model import predictions

SPLIT = Split(seed=4, share=0.25)
CONFIG = config_from_params({"width": 16, "batch_size": 16, "epochs": 20})
COLUMNS = (Column("size", None), Column("colour", ("blue", "green", "red")), Column("same", None))


@pytest.fixture(scope="session")
def table() -> TrainingData:
    """160 rows in two classes: by size, of which some are missing, and by colour."""
    rng = np.random.default_rng(8)
    labels = np.arange(160, dtype=np.int32) % 2
    rows = np.zeros((160, 3), np.float32)
    rows[:, 0] = rng.normal(1e5, 300, 160) + 400 * labels
    rows[rng.random(160) < 0.1, 0] = np.nan
    rows[:, 1] = np.where(rng.random(160) < 0.7, labels, 2)
    about = About("table", (3,), ("no", "yes"), 1.0, "1" * 64, 40, COLUMNS)
    return TrainingData(about, Examples(rows, labels))


def _poisoned(table: TrainingData) -> TrainingData:
    """Return the table with every value of the rows that SPLIT holds out replaced."""
    held = split_data(table, SPLIT).validation
    assert held is not None
    rows = table.examples.inputs.copy()
    is_held = np.zeros(len(rows), dtype=bool)
    numbered = replace(table.examples, inputs=np.arange(len(rows), dtype=np.float32)[:, None])
    places = split_data(TrainingData(table.about, numbered), SPLIT).validation
    assert places is not None
    is_held[places.inputs[:, 0].astype(int)] = True
    rows[is_held] = [1e30, -1, 7]
    rows[np.flatnonzero(is_held)[:3]] = np.nan
    return TrainingData(table.about, Examples(rows, table.examples.labels))


@pytest.mark.parametrize("scaling", ["standard", "quantile_normal", "quantile_uniform"])
def test_what_is_held_out_leaves_no_trace_in_a_preparation(table: TrainingData, scaling: str):
    config = replace(CONFIG, scaling=scaling, rare_level_share=0.2)
    clean, poisoned = (preparation_of(one, SPLIT, config) for one in (table, _poisoned(table)))
    assert clean == poisoned
    assert clean != preparation_of(_poisoned(table), None, config)


@pytest.mark.slow
def test_what_is_held_out_leaves_no_trace_in_weights(table: TrainingData):
    clean, poisoned = (
        Trainer(one).train(CONFIG, 1, SPLIT, lambda _: False) for one in (table, _poisoned(table))
    )
    assert clean.result is not None
    assert poisoned.result is not None
    assert clean.result.weights_hash == poisoned.result.weights_hash
    assert clean.result.loss != poisoned.result.loss
    assert all(np.isfinite(weight).all() for weight in poisoned.weights)


@pytest.mark.slow
def test_keras_gives_prepared_rows_the_recorded_accuracy(table: TrainingData):
    trained = Trainer(table).train(CONFIG, 1, SPLIT, lambda _: False)
    preparation = preparation_of(table, SPLIT, CONFIG)
    held = split_data(table, SPLIT).validation
    assert held is not None
    assert preparation is not None
    assert [weight.shape for weight in trained.weights[:1]] == [(preparation.features, 16)]
    rows = Examples(prepared_inputs(held.inputs, preparation), held.labels)
    found = predictions(CONFIG, trained.weights, rows, table.about)
    assert trained.result is not None
    assert (found.argmax(axis=1) == held.labels).mean() == trained.result.accuracy
    assert trained.result.accuracy > 0.8


@pytest.mark.slow
def test_other_choices_prepare_the_rows_anew_and_trace_nothing(table: TrainingData):
    trainer = Trainer(table)

    def weights_of(config: TrainConfig) -> str:
        result = trainer.train(config, 1, SPLIT, lambda _: False).result
        assert result is not None
        return result.weights_hash

    quantile = replace(CONFIG, scaling="quantile_normal")
    first = weights_of(CONFIG)
    assert weights_of(quantile) != first
    assert weights_of(CONFIG) == first
    assert trainer.traces == 1


def test_images_are_not_prepared(data: TrainingData):
    assert preparation_of(data, SPLIT, CONFIG) is None
    seen, plain = prepared_split(data, SPLIT, None), split_data(data, SPLIT)
    assert seen.train.inputs.dtype == np.uint8
    assert np.array_equal(seen.train.inputs, plain.train.inputs)
    assert prepared_inputs(plain.train.inputs, None) is plain.train.inputs


def test_a_table_without_a_column_that_varies_is_a_failed_training(table: TrainingData):
    same = np.ones_like(table.examples.inputs)
    constant = TrainingData(table.about, Examples(same, table.examples.labels))
    with pytest.raises(TrainingError) as caught:
        Trainer(constant).train(CONFIG, 1, SPLIT, lambda _: False)
    assert caught.value.reason == (
        "columns: no column varies in the rows to train on, so there is nothing to learn from; "
        "allowed: at least one column that varies"
    )
