"""A search of part of a table, on one split and on folds, and what its best is worth."""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from parts.simulated import opened_log

from reports.trials import ranked
from search_spaces.read import load_space
from study.config import TrainConfig, config_from_params
from study.coordinator.callbacks import NoCallbacks
from study.coordinator.interrupts import Interrupts
from study.coordinator.search import SearchTask, run_search
from study.data.arrays import WholeData
from study.data.prepared import preparation_of, prepared_inputs
from study.data.values import About, Examples, TrainingData
from study.engine.seeds import derive_seed
from study.engine.trainer import Trainer
from study.executors.in_process import InProcessExecutor
from study.networks.keras_model import predictions
from study.workflows.plans import first_plan
from study.workflows.request import Request

_SPACE = "four"
# Under so many seeds the best config is trained again.
_SEEDS = 3


@dataclass(frozen=True)
class Found:
    """What a search's best reached on the rows apart (a fraction), and the search's seconds."""

    accuracy: float
    seconds: float


@dataclass(frozen=True)
class Both:
    """What the search found on one split and on folds, judged on so many rows apart."""

    split: Found
    folds: Found
    judged_on: int


def both_searches(whole: WholeData, rows: int, folds: int, *, seed: int, trials: int) -> Both:
    """Search `rows` of a table on one split and on folds, and judge both on all others."""
    training, apart = _parted(whole, rows, seed)
    split, on_folds = (_search(training, apart, one, seed, trials) for one in (1, folds))
    return Both(split, on_folds, apart.n)


def _parted(whole: WholeData, rows: int, seed: int) -> tuple[TrainingData, Examples]:
    """Draw the rows of the study, and return them and all others."""
    inputs = np.concatenate([whole.train.inputs, whole.test.inputs])
    labels = np.concatenate([whole.train.labels, whole.test.labels])
    order = np.random.Generator(np.random.PCG64(seed)).permutation(len(labels))
    part, rest = np.sort(order[:rows]), np.sort(order[rows:])
    about = About(
        "table", whole.image_shape, whole.classes, whole.full_scale, "0" * 64, 0, whole.columns
    )
    return (
        TrainingData(about, Examples(inputs[part], labels[part])),
        Examples(inputs[rest], labels[rest]),
    )


def _search(training: TrainingData, apart: Examples, folds: int, seed: int, trials: int) -> Found:
    # Each traces its own programs: the seconds of both hold as much of it.
    trainer = Trainer(training)
    space = load_space(_SPACE)
    given = {"folds": folds, "seed": seed, "trials": trials}
    plan = first_plan(Request(given, jobs=1), "folds", space, training.about.fingerprint)
    began = time.perf_counter()
    with TemporaryDirectory() as folder, opened_log(Path(folder), plan, space) as log:
        task = SearchTask(plan, space, training.examples.n, 1)
        executor = InProcessExecutor(trainer)
        run_search(task, log, executor, NoCallbacks(), Interrupts())
        best = ranked(log.restore().recorded, plan.measure)[0]
    seconds = time.perf_counter() - began
    config = replace(config_from_params(best.config), patience=0)
    accuracies = [_truth(trainer, training, apart, config, number) for number in range(_SEEDS)]
    return Found(float(np.mean(accuracies)), seconds)


def _truth(
    trainer: Trainer, training: TrainingData, apart: Examples, config: TrainConfig, number: int
) -> float:
    trained = trainer.train(config, derive_seed(0, "judged", number), None, lambda _: False)
    preparation = preparation_of(training, None, config)
    rows = replace(apart, inputs=prepared_inputs(apart.inputs, preparation))
    chances = predictions(config, trained.weights, rows, training.about)
    return float((chances.argmax(axis=1) == apart.labels).mean())
