"""Measure how much higher early stopping scores than the truth: as kept, and cross-fitted.

Networks train on part of a data set's training images, choose their epoch on a few validation
images, and are judged on all others of its training images, which had no part in anything. Printed
are the mean differences in points with 95 % intervals over the trainings. What the validation
images did to the last epoch, which nobody chose, is taken off: else their difficulty would hide
all. The test split is never opened. Returns 1 where the cross-fitted score is off by more than 0.25
points and three standard errors.
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
from study.data.values import Examples, Split, TrainingData  # noqa: E402
from study.engine.results import EpochResult  # noqa: E402
from study.engine.trainer import Trained, Trainer  # noqa: E402
from study.networks.keras_model import predictions  # noqa: E402

_TRAIN = 1000
_CONFIG = {"width": 64, "epochs": 30, "patience": 30, "batch_size": 32, "learning_rate": 0.002}


def main() -> int:
    """Print a line for each number of validation images."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="digits", help="a data set's name or an .npz file")
    parser.add_argument("--trainings", type=int, default=80, help="for each line")
    parser.add_argument("--held", type=int, nargs="+", default=[100, 300])
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
        kept, fitted = found.T * 100
        print(f"{held:>10}  {_mean(kept):>22}  {_mean(fitted):>22}")
        sound &= abs(fitted.mean()) < 0.25 + 3 * fitted.std(ddof=1) / len(fitted) ** 0.5
    return 0 if sound else 1


def _measure(training: TrainingData, train: int, held: int, seed: int) -> tuple[float, float]:
    """Return how far above the truth one training scores: as kept, and cross-fitted."""
    examples = training.examples
    order = np.random.Generator(np.random.PCG64(seed)).permutation(examples.n)
    part, rest = np.sort(order[: train + held]), np.sort(order[train + held :])
    trainer = Trainer(replace(training, examples=_rows(examples, part)))
    split = Split(seed, held / (train + held))
    others = _rows(examples, rest)
    accuracies: list[float] = []

    def note(epoch: EpochResult) -> bool:
        accuracies.append(epoch.validation_accuracy or 0.0)
        return False

    def truth(trained: Trained) -> float:
        answers = predictions(config, trained.weights, others, training.about).argmax(axis=1)
        return float((answers == others.labels).mean())

    config = config_from_params(_CONFIG)
    chosen = trainer.train(config, seed, split, note)
    last = trainer.train(replace(config, patience=0), seed, split, lambda _: False)
    if chosen.result is None or last.result is None or chosen.result.accuracy is None:
        raise RuntimeError("a training ended early")
    # Nobody chose the last epoch: what it is above its truth is these images' doing.
    images = accuracies[-1] - truth(last)
    right = truth(chosen) + images
    return accuracies[chosen.result.kept_epoch - 1] - right, chosen.result.accuracy - right


def _rows(examples: Examples, rows: np.ndarray) -> Examples:
    return Examples(examples.inputs[rows], examples.labels[rows])


def _mean(values: np.ndarray) -> str:
    return f"{values.mean():+.2f} +- {1.96 * values.std(ddof=1) / len(values) ** 0.5:.2f}"


if __name__ == "__main__":
    sys.exit(main())
