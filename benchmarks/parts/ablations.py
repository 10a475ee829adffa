"""Ablations over changes of no effect: how often a step is said to bring or cost something."""

import math
from collections.abc import Sequence

import numpy as np
from scipy import stats

from study.confirmation.ablation import greedy_path, paired_interval, step_level

CHOOSING, SCORING = 3, 5


def ablations(answers: int) -> tuple[dict[int, list[float]], list[str]]:
    """Print a line for each number of changes; return by it how often any step gains, in per cent.

    The bounds that are broken come second.

    Before (0.1.0) gains were of the seeds that chose the steps, at a level of 95 % each.
    """
    broken: list[str] = []
    gains: dict[int, list[float]] = {}
    for changes in (1, 4, 8, 15):
        for seeds in (SCORING, 10):
            rng = np.random.default_rng([changes, seeds])
            found = np.array([_one(rng, changes, seeds) for _ in range(answers)])
            first, gain, loss = 100 * found.mean(axis=0)
            name = f"ablation, {changes} changes of no effect, {seeds} seeds"
            print(
                f"{name:48s}  0.1.0: first step gains {first:5.2f}; "
                f"now: any step gains {gain:5.2f}, any step costs {loss:5.2f}",
                flush=True,
            )
            gains.setdefault(changes, []).append(float(gain))
            noise = 2 * math.sqrt(0.03 * 0.97 / answers)
            if max(gain, loss) > 100 * (0.03 + noise):
                broken.append(f"{name}: more than 3 % of ablations claim an effect on one side")
    return gains, broken


def _one(rng: np.random.Generator, changes: int, seeds: int) -> tuple[bool, bool, bool]:
    """Draw one ablation: whether the first step gains as in 0.1.0, any gains, any costs.

    A config's accuracy under a seed is normal; what a split does to all configs cancels in pairs.
    """
    drawn: dict[tuple[str, ...], Sequence[float]] = {}
    names = [str(number) for number in range(changes)]

    def accuracies(taken: Sequence[str], tried: Sequence[str]) -> list[Sequence[float]]:
        for one in tried:
            drawn[*taken, one] = rng.standard_normal(CHOOSING).tolist()
        return [drawn[*taken, one] for one in tried]

    taken, _ = greedy_path(names, accuracies)
    former = paired_interval(drawn[taken[0],], rng.standard_normal(CHOOSING).tolist())
    scores = rng.standard_normal((changes + 1, seeds))
    gaps = np.diff(scores, axis=0)
    half = float(stats.t.ppf(0.5 + step_level(changes) / 2, seeds - 1))
    half *= gaps.std(axis=1, ddof=1) / math.sqrt(seeds)
    means = gaps.mean(axis=1)
    assert former is not None
    return former.low > 0, bool((means > half).any()), bool((means < -half).any())
