"""Measure how much higher early stopping scores than the truth: as kept, and cross-fitted.

Networks train on part of a data set's training images, choose their epoch on a few validation
images, and are judged on all others of its training images, which had no part in anything. Printed
are the mean differences in points with 95 % intervals over the trainings (paired). The test split
is never opened. Returns 1 where the cross-fitted score is more than 0.25 points and three standard
errors off.
Run: python benchmarks/epoch_leak.py --data mnist.npz --trainings 80
"""

import argparse
import os
import sys
from dataclasses import replace

for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np  # noqa: E402 threads are counted at the import

from study.config import config_from_params  # noqa: E402
from study.data.load import load_data  # noqa: E402
from study.data.split import split_data  # noqa: E402
from study.data.values import Examples, Split, TrainingData  # noqa: E402
from study.engine.results import EpochResult  # noqa: E402
from study.engine.trainer import Trainer  # noqa: E402
from study.networks.keras_model import predictions  # noqa: E402

_TRAIN = 1000
_CONFIG = {"width": 64, "epochs": 30, "patience": 30, "batch_size": 32, "learning_rate": 0.002}


def main() -> int:
    """Print a line for each number of validation images."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="digits", help="a data set's name or an .npz file")
    parser.add_argument("--trainings", type=int, default=80, help="for each line")
    parser.add_argument("--held", type=int, nargs="+", default=[100, 300, 1000])
    asked = parser.parse_args()
    training = load_data(asked.data, os.environ).training
    most = max(asked.held)
    train = min(_TRAIN, training.examples.n // 2)
    if train + most >= training.examples.n:
        parser.error(f"--held takes at most {training.examples.n - train - 1} of these images")
    print(f"{training.about.name}, {train} images to train on, {asked.trainings} trainings a line")
    print(f"{'validation':>10}  {'as kept':>22}  {'cross-fitted':>22}   points above the truth")
    sound = True
    for held in asked.held:
        found = np.array([_measure(training, train, held, seed) for seed in range(asked.trainings)])
        kept, fitted = ((found[:, column] - found[:, 2]) * 100 for column in (0, 1))
        print(f"{held:>10}  {_mean(kept):>22}  {_mean(fitted):>22}")
        sound &= abs(fitted.mean()) < 0.25 + 3 * fitted.std(ddof=1) / len(fitted) ** 0.5
    return 0 if sound else 1


def _measure(training: TrainingData, train: int, held: int, seed: int) -> tuple[float, ...]:
    """Return one training's accuracy as kept, cross-fitted, and on all other images."""
    examples = training.examples
    order = np.random.Generator(np.random.PCG64(seed)).permutation(examples.n)
    part, rest = np.sort(order[: train + held]), np.sort(order[train + held :])
    small = replace(training, examples=_rows(examples, part))
    split = Split(seed, held / (train + held))
    config = config_from_params(_CONFIG)
    epochs: list[EpochResult] = []

    def note(epoch: EpochResult) -> bool:
        epochs.append(epoch)
        return False

    trained = Trainer(small).train(config, seed, split, note)
    result = trained.result
    if result is None or result.accuracy is None:
        raise RuntimeError("a training ended early")
    as_kept = epochs[result.kept_epoch - 1].validation_accuracy
    if as_kept is None or split_data(small, split).train.n != train:
        raise RuntimeError("the split is not the one asked for")
    others = _rows(examples, rest)
    answers = predictions(config, trained.weights, others, training.about).argmax(axis=1)
    return as_kept, result.accuracy, float((answers == others.labels).mean())


def _rows(examples: Examples, rows: np.ndarray) -> Examples:
    return Examples(examples.inputs[rows], examples.labels[rows])


def _mean(values: np.ndarray) -> str:
    return f"{values.mean():+.2f} +- {1.96 * values.std(ddof=1) / len(values) ** 0.5:.2f}"


if __name__ == "__main__":
    sys.exit(main())
