"""Describe a data set for the record: sizes, classes and a few training images."""

import numpy as np

from reports.data_record import DataRecord, Sample
from reports.statistics.weighting import effective_n
from study.data.describe_columns import describe_columns
from study.data.load import LoadedData
from study.data.split import split_data
from study.data.values import About, Pixels, Split, TrainingData

_SAMPLES = 20
_MOST_PIXELS = 64
# Luma of red, green and blue: ITU-R BT.601.
_LUMA = np.array([0.299, 0.587, 0.114])


def describe(loaded: LoadedData, split: Split | None) -> DataRecord:
    """Return what a study records of its data; of the test split its size and what warns.

    On several folds its validation images are those of all of them. Raises FaultError where the
    data cannot be split so.
    """
    training = loaded.training
    about = training.about
    search = split_data(training, split)
    held = [split_data(training, one).validation for one in split.in_turn()] if split else []
    counts = np.bincount(training.examples.labels, minlength=len(about.classes))
    return DataRecord(
        name=about.name,
        fingerprint=about.fingerprint,
        features=training.examples.inputs.shape[1],
        image_shape=about.image_shape,
        train_n=search.train.n,
        validation_n=sum(one.n for one in held if one),
        test_n=about.test_n,
        classes=about.classes,
        class_counts=tuple(counts.tolist()),
        samples=_samples(training),
        warnings=loaded.concerns.warnings,
        test_fingerprint=loaded.test.identity.split,
        test_groups=loaded.concerns.test_groups,
        columns=describe_columns(training),
        weight=about.weight,
        effective_n=_effective_n(training, split, loaded.concerns.test_effective_n),
    )


def _effective_n(
    training: TrainingData, split: Split | None, test: float | None
) -> tuple[float, ...]:
    """Return the effective number of rows to train on, to validate and to test, with weights.

    On several folds rows to validate are those to train on.
    """
    if test is None:
        return ()
    seen = split_data(training, split if split is None or split.folds == 1 else None)
    parts = [one.weights for one in (seen.train, seen.validation) if one is not None]
    return (*(effective_n(one) for one in parts if one is not None), test)


def sample(row: Pixels, label: str, about: About) -> Sample:
    """Return one input (features,) as grey levels for the eye, without rows where it is no image.

    Images wider or higher than 64 pixels are thinned out.
    """
    return Sample(label, grey_rows(row, about.image_shape, about.full_scale))


def grey_rows(
    row: Pixels, image_shape: tuple[int, ...], full_scale: float
) -> tuple[tuple[int, ...], ...]:
    """Return one input as rows of grey levels 0-255, by luma where it has three channels."""
    is_grey = len(image_shape) == 2
    is_colour = len(image_shape) == 3 and image_shape[2] == 3
    if not (is_grey or is_colour):
        return ()
    image = np.asarray(row.reshape(image_shape), dtype=np.float64) / full_scale
    step = max(1, -(-max(image_shape[:2]) // _MOST_PIXELS))
    image = image[::step, ::step]
    # Test floats may be a little outside 0-1.
    grey = np.rint(255 * np.clip(image @ _LUMA if is_colour else image, 0, 1)).astype(int)
    return tuple(tuple(line) for line in grey.tolist())


def _samples(training: TrainingData) -> tuple[Sample, ...]:
    about, inputs, labels = training.about, training.examples.inputs, training.examples.labels
    if about.columns:
        return ()
    a_class = 2 if 2 * len(about.classes) <= _SAMPLES else 1
    return tuple(
        sample(inputs[index], name, about)
        for code, name in enumerate(about.classes[:_SAMPLES])
        for index in np.flatnonzero(labels == code)[:a_class]
    )
