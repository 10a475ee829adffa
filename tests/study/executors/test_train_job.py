"""A stop ends a job on folds wherever it is; what fails on any fold fails the job."""

from collections.abc import Callable

import pytest

from study.config import TrainConfig
from study.data.values import Split
from study.engine.results import EpochResult, TrainingError, TrialResult
from study.engine.seeds import derive_seed
from study.engine.trainer import Trained
from study.executors.protocol import EpochEnded, Failed, Finished, Job, Stopped
from study.executors.train_job import train_job

ON_FOLDS = Split(7, 1 / 5, 5)


class Counting:
    """Train nothing, for two epochs; note each training, and fail on the fold `fails`."""

    def __init__(self, fails: int | None = None) -> None:
        self.fails = fails
        self.trained: list[tuple[int, Split | None, int]] = []

    def train(
        self,
        config: TrainConfig,
        seed: int,
        split: Split | None,
        on_epoch: Callable[[EpochResult], bool],
        measure: str,
    ) -> Trained:
        assert (config.width, measure) == (8, "accuracy")
        if split and split.fold == self.fails:
            raise TrainingError("diverged in epoch 1")
        for epoch in (1, 2):
            self.trained.append((seed, split, epoch))
            if on_epoch(EpochResult(epoch, 1.0, 1.0, 0.5, 0.1)):
                return Trained(None, ())
        return Trained(TrialResult(0.5, 1.0, 10, 2, 2, 1, 1.0, "a" * 64, 1), ())


def done(trainer: Counting, split: Split | None, stop_after: int | None = None):
    events: list[object] = []
    asked = 0

    def stopping() -> bool:
        nonlocal asked
        asked += 1
        return stop_after is not None and asked > stop_after

    job = Job(1, TrainConfig(width=8), 3, "f" * 64, split)
    return train_job(trainer, job, events.append, stopping), events


def test_each_fold_is_trained_under_a_seed_of_its_own_and_the_first_alone_is_heard() -> None:
    trainer = Counting()
    end, events = done(trainer, ON_FOLDS)
    seeds = [3, *(derive_seed(3, "fold", fold) for fold in range(1, 5))]
    assert trainer.trained == [
        (seed, split, epoch)
        for seed, split in zip(seeds, ON_FOLDS.in_turn(), strict=True)
        for epoch in (1, 2)
    ]
    assert isinstance(end, Finished)
    assert end.result.n == 50
    assert [type(one) for one in events] == [EpochEnded, EpochEnded]


# It is asked after each epoch and before each fold from the second on.
@pytest.mark.parametrize(
    ("stop_after", "trained"), [(0, 1), (1, 2), (2, 2), (3, 3), (4, 4), (5, 4), (13, 10)]
)
def test_a_stop_ends_a_job_within_a_fold_or_before_the_next(stop_after: int, trained: int) -> None:
    trainer = Counting()
    end, _ = done(trainer, ON_FOLDS, stop_after)
    assert end == Stopped(1)
    assert len(trainer.trained) == trained


@pytest.mark.parametrize("fold", [0, 3])
def test_what_fails_on_a_fold_fails_the_job(fold: int) -> None:
    end, _ = done(Counting(fails=fold), ON_FOLDS)
    assert end == Failed(1, "diverged in epoch 1")


@pytest.mark.parametrize("split", [None, Split(7, 1 / 6)])
def test_without_folds_a_job_is_one_training(split: Split | None) -> None:
    trainer = Counting()
    assert isinstance(done(trainer, split)[0], Finished)
    assert trainer.trained == [(3, split, 1), (3, split, 2)]
