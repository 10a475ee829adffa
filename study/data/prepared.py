"""From raw rows to what a network learns from: the one way for every training and prediction.

What is prepared is fitted on the rows that a training learns from, and on no others: neither
validation nor test rows leave a trace in it. Images are not prepared.
"""

from dataclasses import replace

import numpy as np

from study.config import TrainConfig
from study.data.fitting import Choices, fit
from study.data.preparation import Preparation, Rows, apply
from study.data.split import split_data
from study.data.values import About, Pixels, SearchData, Split, TrainingData


def choices_of(config: TrainConfig, about: About) -> Choices | None:
    """Return how a config prepares data, None for images."""
    return Choices(config.scaling, config.rare_level_share) if about.columns else None


def prepared_split(
    training: TrainingData, split: Split | None, choices: Choices | None
) -> SearchData:
    """Return what one training may see, prepared; raises FaultError as split and fit do."""
    seen = split_data(training, split)
    if choices is None:
        return seen
    preparation = fit(seen.about.columns, _rows(seen.train.inputs), choices)
    train, held = seen.train, seen.validation
    return SearchData(
        seen.about,
        replace(train, inputs=apply(preparation, _rows(train.inputs))),
        None if held is None else replace(held, inputs=apply(preparation, _rows(held.inputs))),
    )


def preparation_of(
    training: TrainingData, split: Split | None, config: TrainConfig
) -> Preparation | None:
    """Return what a training of this config on this split fits, None for images."""
    choices = choices_of(config, training.about)
    if choices is None:
        return None
    learned = split_data(training, split).train
    return fit(training.about.columns, _rows(learned.inputs), choices)


def prepared_inputs(inputs: Pixels, preparation: Preparation | None) -> Pixels:
    """Return rows as a network learns from them; images stay as they are."""
    return inputs if preparation is None else apply(preparation, _rows(inputs))


def feature_count(training: TrainingData, preparation: Preparation | None) -> int:
    """Return the number of inputs that a network has."""
    if preparation is not None:
        return preparation.features
    return int(training.examples.inputs.shape[1])


def _rows(inputs: Pixels) -> Rows:
    """Return the rows of a table, which are float32 as they are."""
    return np.asarray(inputs, dtype=np.float32)
