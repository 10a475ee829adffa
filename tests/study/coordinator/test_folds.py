"""A search on folds: one curve a trial, one score over all folds, and pruning within the first."""

import queue
import random
import threading
from collections import Counter
from collections.abc import Callable

import pytest

from study.config import TrainConfig
from study.coordinator.interrupts import Interrupts
from study.data.values import Split
from study.engine.results import EpochResult, TrialResult
from study.engine.trainer import Trained
from study.executors.protocol import EpochEnded, Event, Job, Lost, Started
from study.executors.train_job import train_job

FOLDS = 3


def accuracies(config: TrainConfig, seed: int) -> list[float]:
    """Return a curve: a pure function of config and seed."""
    noise = random.Random(f"{config.key} {seed}")
    top = 0.5 + 0.4 * config.width / 512
    return [top - 0.3 * 0.5**e + noise.gauss(0, 0.01) for e in range(1, config.epochs + 1)]


class OnPaper:
    """Answer what a curve says, 50 rows a fold; note the fold of each epoch that is trained."""

    def __init__(self) -> None:
        self.epochs: Counter[tuple[str, int]] = Counter()

    def train(
        self,
        config: TrainConfig,
        seed: int,
        split: Split | None,
        on_epoch: Callable[[EpochResult], bool],
        measure: str,  # noqa: ARG002 the protocol's
    ) -> Trained:
        assert split is not None
        curve = accuracies(config, seed)
        for epoch, accuracy in enumerate(curve, 1):
            self.epochs[config.key, split.fold] += 1
            if on_epoch(EpochResult(epoch, 1.0, 1.0, accuracy, 0.1)):
                return Trained(None, ())
        right = round(50 * curve[-1]) / 50
        last = config.epochs
        return Trained(TrialResult(right, 0.5, 50, last, last, 1, 1.0, "a" * 64, 1), ())


class InStep:
    """Train one job in a thread that goes on only while its next event is waited for.

    So a stop always reaches a job before its next epoch. `lose` tells after which event of a job
    its worker dies.
    """

    slots = 1

    def __init__(self, lose: Callable[[Job, int], bool] = lambda _job, _count: False) -> None:
        self.trainer = OnPaper()
        self._lose = lose

    def start(self, job: Job) -> None:
        self._job, self._stopped, self._sent = job, False, 0
        self._may_go, self._events = threading.Semaphore(0), queue.SimpleQueue[Event]()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        self._send(Started(self._job.job, "in step"))
        self._send(train_job(self.trainer, self._job, self._send, lambda: self._stopped))

    def _send(self, event: Event) -> None:
        self._may_go.acquire()
        self._events.put(event)
        if isinstance(event, EpochEnded):
            # What is trained next waits for what is decided now.
            self._may_go.acquire()
            self._may_go.release()

    def stop(self, job: int) -> None:
        assert job == self._job.job
        self._stopped = True

    def kill(self, job: int) -> None:
        raise AssertionError(job)

    def events(self, timeout: float) -> list[Event]:
        del timeout
        self._may_go.release()
        event = self._events.get()
        self._sent += 1
        return [Lost(event.job, "it died")] if self._lose(self._job, self._sent) else [event]

    def close(self) -> None:
        pass


@pytest.fixture
def study(make_study):
    return make_study(trials=30, folds=FOLDS, share=1 / FOLDS, pruner="median", sampler="random")


@pytest.mark.slow
def test_a_trial_that_is_pruned_was_trained_on_the_first_fold_alone(study):
    executor = InStep()
    assert study.run(executor) == "done"
    trained = executor.trainer.epochs
    records = study.records()
    assert Counter(one.state for one in records)["pruned"] >= 3
    for record in records:
        key = TrainConfig(**record.config).key
        on_each = [trained[key, fold] for fold in range(FOLDS)]
        assert on_each[0] == len(record.curve)
        if record.state == "pruned":
            assert on_each[1:] == [0, 0]
        else:
            assert on_each == [record.config["epochs"]] * FOLDS


@pytest.mark.slow
def test_a_trial_has_the_score_of_all_folds_and_the_curve_of_the_first(study):
    study.run(InStep())
    for record in study.records():
        config = TrainConfig(**record.config)
        curve = accuracies(config, record.seed)[: len(record.curve)]
        assert [one.validation_accuracy for one in record.curve] == curve
        assert record.folds == FOLDS
        if record.state == "complete":
            assert record.n == 150
            assert record.accuracy is not None
            assert record.accuracy * 150 == pytest.approx(round(record.accuracy * 150))


@pytest.mark.slow
def test_a_trial_whose_worker_died_on_a_later_fold_ends_as_if_it_had_not(study, make_study):
    study.run(InStep())
    expected = [one for one in study.answers() if one[1] != "failed"]
    other = make_study(**{name: getattr(study.plan, name) for name in ASKED})

    def lose(job: Job, count: int) -> bool:
        # All epochs of the first fold were heard: it dies on a later one.
        return job.job == 4 and count == 2 + job.config.epochs

    other.run(InStep(lose))
    records = other.records()
    assert [one.state for one in records if one.number == 4] == ["failed"]
    found = [one for one in other.answers() if one[1] != "failed"]
    assert [one[1:] for one in sorted(found, key=lambda one: one[4])] == [
        one[1:] for one in sorted(expected, key=lambda one: one[4])
    ]


ASKED = ("trials", "folds", "share", "pruner", "sampler", "window")


@pytest.mark.slow
def test_an_interrupted_search_on_folds_ends_as_one_that_was_not(study, make_study):
    study.run(InStep())
    other = make_study(**{name: getattr(study.plan, name) for name in ASKED})
    interrupts, heard = Interrupts(), 0

    def interrupt(_job: Job, _count: int) -> bool:
        nonlocal heard
        heard += 1
        interrupts.count = int(heard >= 40)
        return False

    assert other.run(InStep(interrupt), interrupts) == "interrupted"
    assert other.run(InStep()) == "done"
    assert other.answers() == study.answers()
