"""Scores of trainings that chose their epoch, by hand and against a slow way to find them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from study.engine.cross_fitting import CrossFitted, folds_of
from study.engine.fixed import FOLDS


def fold_values(**of_one: float) -> np.ndarray:
    values = np.zeros(FOLDS)
    for name, value in of_one.items():
        values[int(name[1:])] = value
    return values


def test_each_fold_is_scored_at_the_epoch_that_the_others_choose():
    fitted = CrossFitted()
    # Fold 0 alone likes the second epoch: all others choose the first for it, and it the second
    # for no one, since its own loss counts for the others' choice too.
    fitted.add(fold_values(f0=9.0, f1=1.0), fold_values(f0=1, f1=5))
    fitted.add(fold_values(f0=2.0, f1=3.0), fold_values(f0=7, f1=3))

    # The others of fold 0 have 1.0, then 3.0: first. Those of fold 1 have 9.0, then 2.0: second.
    assert (fitted.right, fitted.loss) == (1 + 3, 9.0 + 3.0)


def test_one_epoch_is_scored_as_it_is():
    fitted = CrossFitted()
    fitted.add(np.arange(FOLDS, dtype=float), np.ones(FOLDS))

    assert (fitted.right, fitted.loss) == (FOLDS, 45.0)


def test_the_first_of_equally_good_epochs_is_chosen():
    fitted = CrossFitted()
    fitted.add(np.ones(FOLDS), np.full(FOLDS, 4.0))
    fitted.add(np.ones(FOLDS), np.full(FOLDS, 5.0))

    assert fitted.right == 4 * FOLDS


@given(arrays(np.int32, st.integers(1, 400), elements=st.integers(0, 6)))
def test_every_class_is_spread_evenly_over_the_folds(labels):
    folds = folds_of(labels)

    assert folds.dtype == np.int32
    for chosen in (np.ones(len(labels), bool), *(labels == label for label in set(labels))):
        counts = np.bincount(folds[chosen], minlength=FOLDS)
        assert counts.max() - counts.min() <= 1


def test_images_that_chose_the_epoch_score_higher_than_they_should():
    """All epochs are equally good by law: 70 %; the chosen one looks better, the score does not."""
    generator = np.random.Generator(np.random.PCG64(7))
    n, epochs, studies = 100, 12, 400
    kept, scored = [], []
    for _ in range(studies):
        hits = generator.random((epochs, FOLDS, n // FOLDS)) < 0.7
        losses = np.where(hits, 0.3, 1.5)
        fitted = CrossFitted()
        for epoch in range(epochs):
            fitted.add(losses[epoch].sum(axis=1), hits[epoch].sum(axis=1).astype(float))
        kept.append(hits[losses.sum(axis=(1, 2)).argmin()].mean())
        scored.append(fitted.right / n)

    # Largest of 12 binomial shares of 100: about 1.6 standard deviations of 4.6 points above.
    assert np.mean(kept) > 0.76
    assert abs(np.mean(scored) - 0.7) < 3 * np.std(scored) / np.sqrt(studies)
