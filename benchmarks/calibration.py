"""Simulate whole studies and count how often the verdict's answer and interval are correct.

Networks are those of parts/simulated_networks.py. A study searches N configs on validation images,
races the best three on fresh images, and compares the winner with the baseline on test images and
seeds that nothing has seen.

    python benchmarks/calibration.py [--studies 2000] [--answers 3000] [--measured 2000]
                                       [--weighted 2000]

Answers without a search come first: where intervals fail most easily (parts/harsh_worlds.py), near
copies of test images (parts/grouped_worlds.py), many openings and studies of one test split
(parts/families.py), and what stands beside an answer. parts/promises.py prints all of them as one
table, what an audit of 0.1.0 saw beside what is seen now. parts/measured_worlds.py asks the same of
log loss, Brier score and balanced accuracy, from networks that give probabilities, and of all
measures where rows have weights.
"""

import argparse
import functools
import math
import sys
import time
from dataclasses import dataclass

import numpy as np
from parts.measured_worlds import measured_worlds, questions, weighted_questions
from parts.promises import promises
from parts.simulated_networks import WORLDS, World, accuracies_of

from reports.statistics.crossed import mean_difference
from reports.statistics.intervals import of_difference
from reports.statistics.looks import look_levels
from reports.statistics.spending import level_of_opening
from study.run_dir.confirm_options import AUTO_LOOKS

CONFIGS, TOP, ROUNDS = 30, 3, 3


def search_and_race(world: World, rng: np.random.Generator, errors: list[float]) -> float:
    """Pick a winner as the product does and return its true error rate."""
    seen = accuracies_of(world, rng, errors, 1).mean(axis=(1, 2))
    best: list[float] = [errors[index] for index in np.argsort(-seen)[:TOP]]
    rounds = [accuracies_of(world, rng, best, 1).mean(axis=(1, 2)) for _ in range(ROUNDS)]
    chosen = int(np.argmax(np.mean(rounds, axis=0)))
    return best[chosen]


@dataclass
class Tally:
    """Counts over studies."""

    studies: int = 0
    beats: int = 0
    worse: int = 0
    covered: int = 0
    width: float = 0.0
    seeds: int = 0


def one_study(
    world: World, rng: np.random.Generator, gain: float, looks: tuple[int, ...], tally: Tally
) -> None:
    """Simulate one study; all searched configs are `gain` more accurate than the baseline."""
    winner = search_and_race(world, rng, [world.error - gain] * CONFIGS)
    correct = accuracies_of(world, rng, [winner, world.error], looks[-1])
    levels = look_levels_cached(looks, level_of_opening(1))
    for seeds, level in zip(looks, levels, strict=True):
        interval = of_difference(mean_difference(correct[0, :seeds], correct[1, :seeds]), level)
        if interval.low > 0 or interval.high < 0:
            break
    tally.studies += 1
    tally.beats += interval.low > 0
    tally.worse += interval.high < 0
    tally.covered += interval.low <= world.error - winner <= interval.high
    tally.width += interval.high - interval.low
    tally.seeds += seeds


look_levels_cached = functools.cache(look_levels)


def main() -> int:
    """Print a table and return 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description="Calibration of the verdict")
    parser.add_argument("--studies", type=int, default=2000)
    parser.add_argument("--answers", type=int, default=3000, help="answers a row")
    parser.add_argument("--measured", type=int, default=2000, help="answers a row on a measure")
    parser.add_argument("--weighted", type=int, default=2000, help="answers a row on weighted rows")
    asked = parser.parse_args()
    studies: int = asked.studies
    began = time.perf_counter()
    broken = promises(asked.answers) if asked.answers else []
    broken += measured_worlds(asked.measured, questions()) if asked.measured else []
    broken += measured_worlds(asked.weighted, weighted_questions()) if asked.weighted else []
    broken += searched_worlds(studies) if studies else []
    print("\n".join(broken) or "all within bounds", f"({time.perf_counter() - began:.0f} s)")
    return int(bool(broken))


def searched_worlds(studies: int) -> list[str]:
    """Print a line for each world, gain and number of seeds; return the bounds that are broken."""
    print(f"{studies} studies a line, {CONFIGS} configs each; percent, width in points")
    print("world         gain  seeds    BEATS  worse  covered  width  seeds used")
    broken: list[str] = []
    cases = [
        (world, gain, looks)
        for world in WORLDS
        for gain in (0.0, 0.003)
        for looks in ((3,), (5,), (10,), (20,), AUTO_LOOKS)
    ]
    for number, (world, gain, looks) in enumerate(cases):
        tally = Tally()
        rng = np.random.default_rng(number)
        for _ in range(studies):
            one_study(world, rng, gain, looks, tally)
        label = "auto" if len(looks) > 1 else str(looks[0])
        print(
            f"{world.name:12s} {100 * gain:5.1f}  {label:>5s}   {100 * tally.beats / studies:6.2f}"
            f" {100 * tally.worse / studies:6.2f}   {100 * tally.covered / studies:6.2f}"
            f"  {100 * tally.width / studies:5.2f}  {tally.seeds / studies:5.1f}"
            f"{'  wider than need be' if too_wide(tally, looks) else ''}",
            flush=True,
        )
        broken += [
            f"{world.name}, {label} seeds: {what}" for what in faults(tally, gain, looks, world)
        ]
    return broken


def too_wide(tally: Tally, looks: tuple[int, ...]) -> bool:
    """Return whether intervals that are to hold at one look cover the truth in more than 98 %."""
    noise = 2 * math.sqrt(0.02 * 0.98 / tally.studies)
    return len(looks) == 1 and tally.covered / tally.studies > 0.98 + noise


def faults(tally: Tally, gain: float, looks: tuple[int, ...], world: World) -> list[str]:
    """List the bounds that are broken; simulation noise of two standard errors is granted.

    With auto seeds intervals hold at all looks together, so those that stop early cover more. With
    three seeds, or few images, they are wider than need be, which is said in the line but no fault.
    """
    n = tally.studies
    error = 2 * math.sqrt(0.025 * 0.975 / n)
    covered = tally.covered / n
    found = []
    if gain == 0 and (tally.beats > (0.025 + error) * n or tally.worse > (0.025 + error) * n):
        found.append("more than 2.5 % BEATS, or DOES NOT BEAT, without a gain")
    if covered < 0.94 - 2 * math.sqrt(0.06 * 0.94 / n):
        found.append("intervals cover the truth in less than 94 %")
    if too_wide(tally, looks) and looks[0] >= 5 and world.n >= 10_000:
        found.append("intervals cover the truth in more than 98 %")
    if gain > 0 and looks == (10,) and world.name == "mnist" and tally.beats < 0.8 * n:
        found.append("less than 80 % power")
    return found


if __name__ == "__main__":
    sys.exit(main())
