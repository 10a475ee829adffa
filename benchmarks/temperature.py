"""Measure how often a temperature is used, and what it does to answers that nobody fitted it on.

Run: python benchmarks/temperature.py
Trains nothing: probabilities of 10 classes are simulated, and a known temperature makes them true.
"""

import argparse
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.calibration import Calibration
from reports.statistics.temperature import Labels, log_losses, tempered
from study.confirmation.calibrate import calibrate
from study.confirmation.evaluated import Evaluated
from study.confirmation.validation_answers import Answers
from study.data.values import About, Examples, TrainingData

SIZES = (240, 720, 3000)
TRUTHS = (1.0, 1.25, 0.8, 1.6)
FRESH = 20_000
CLASSES = tuple("0123456789")


@dataclass(frozen=True)
class Seen:
    """Shares of the studies: those without a temperature, and those that use one.

    `worse` of those that use one have a higher log loss with it on fresh answers; `change` is their
    mean change in nats.
    """

    without: float
    used: float
    worse: int
    change: float


def main() -> int:
    """Read the command line and print a row for each number of answers and each true temperature.

    Return 1 where a temperature is used too often for probabilities that are true already.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=400)
    studies = parser.parse_args().studies
    broken = False
    print("answers, true temperature: none fitted, used, worse when used, mean change (nats)")
    for n in SIZES:
        for truth in TRUTHS:
            seen = simulated(n, truth, studies)
            print(
                f"{n:5d} {truth:5.2f}  {seen.without:6.1%} {seen.used:6.1%} {seen.worse:4d} "
                f"{seen.change:+.4f}",
                flush=True,
            )
            broken |= truth == 1.0 and seen.used > 0.05
    return int(broken)


def simulated(n: int, truth: float, studies: int) -> Seen:
    """Return what became of studies with n validation answers each."""
    rng = np.random.default_rng(n)
    changes, without = [], 0
    for _ in range(studies):
        probabilities, labels = answers(n, truth, rng)
        about = About("simulated", (1,), CLASSES, 1.0, "f" * 64, 1)
        training = TrainingData(about, Examples(np.zeros((n, 1), np.uint8), labels))
        untested = Evaluated(labels[:1], {}, {})
        found = calibrate([Answers(np.arange(n), probabilities)], training, untested, "")
        if not isinstance(found, Calibration):
            without += 1
        elif found.helps:
            fresh, own = answers(FRESH, truth, rng)
            after = log_losses(tempered(fresh, found.temperature), own)
            changes.append(float((after - log_losses(fresh, own)).mean()))
    worse = sum(change > 0 for change in changes)
    mean = float(np.mean(changes)) if changes else 0.0
    return Seen(without / studies, len(changes) / studies, worse, mean)


def answers(n: int, truth: float, rng: np.random.Generator) -> tuple[NDArray[np.float32], Labels]:
    """Return probabilities (n, 10), about 90 % of them right, and labels (n,)."""
    scores = rng.normal(0, 1, (n, 10)) + np.eye(10)[rng.integers(10, size=n)] * 6
    true = tempered(np.exp(scores), 1.0)
    labels = (rng.random((n, 1)) > true.cumsum(axis=1)[:, :-1]).sum(axis=1).astype(np.int32)
    return tempered(true, 1 / truth).astype(np.float32), labels


if __name__ == "__main__":
    raise SystemExit(main())
