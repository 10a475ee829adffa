"""Replay simulated searches: how many trials `--stop-when done` saves, and what it loses.

Each study searches the space `four` with the product's own sampler. A config's true error is a
law of its params that each study draws anew; a trial shows it with the noise of its seed and of its
validation images. Where the rule ends a study, the three best trials of that far are raced over
three fresh seeds and splits, as in a confirmation; so are those of the whole study, with the same
luck. What is lost is the second winner's true accuracy less the first one's.

With --recorded the law is what a recorded table teaches (`parts/table_world.py`), in place of one
that is drawn.

    python benchmarks/stopping.py [--studies 100] [--trials 100] [--recorded]
"""

import argparse
import math
from dataclasses import dataclass

import numpy as np
import optuna
from numpy.typing import NDArray
from parts.recorded_tables import load_table
from parts.table_world import TableWorld

from reports.trial_record import TrialRecord
from search_spaces.read import load_space
from search_spaces.space import Space
from study.config import TrainConfig
from study.coordinator.early_end import Stopping
from study.coordinator.suggest import Asking
from study.run_dir.plan import Plan
from study.workflows.plans import first_plan
from study.workflows.request import Request

TOP, ROUNDS, RACES = 3, 3, 20
# What ending early may lose: points, in this share of studies.
BEARABLE, SHARE = 0.05, 0.9
# The share of a network's errors that no other network of the space makes (simulated_networks.py).
OWN_ERRORS = 0.4


@dataclass(frozen=True)
class World:
    """One kind of data: images to validate and to test on, the best config's error, seeds' sd."""

    name: str
    validation_n: int
    test_n: int
    error: float
    seed: float
    table: TableWorld | None = None

    @property
    def noise(self) -> float:
        """Return the standard deviation of one training's accuracy."""
        return math.hypot(self.seed, math.sqrt(OWN_ERRORS * self.error / self.validation_n))


WORLDS = (
    World("mnist", 10_000, 10_000, 0.016, 0.0012),
    World("middle", 2_000, 2_000, 0.080, 0.0040),
    World("digits", 240, 359, 0.025, 0.0040),
)


def recorded_worlds() -> tuple[World, ...]:
    """Return the worlds of the recorded tables of `four`, the noise of a training as recorded.

    The images' part of it is in the seeds' there, since all trainings share one validation split.
    """
    found = []
    for data, test_n in (("mnist", 10_000), ("digits", 359)):
        table = TableWorld(load_table(f"{data}-four"))
        error = 1 - table.true_accuracy(table.baseline)
        found.append(World(f"{data}*", table.n, test_n, 0.0, table.noise * error, table))
    return tuple(found)


class Law:
    """The true error of a config: the world's best, times exp of a quadratic form around it."""

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        self._optimum = rng.uniform(0.2, 1.0, 4)
        self._slopes = np.exp(rng.normal(math.log(0.35), 0.8, 4))
        self._mixed = 0.3 * rng.normal(0, 0.3, (4, 4))
        self._best = world.error * math.exp(rng.normal(0, 0.1))

    def true_accuracy(self, config: TrainConfig) -> float:
        """Return the true accuracy."""
        away = _scaled(config) - self._optimum
        form = float(self._slopes @ (away * away) + away @ self._mixed @ away)
        return 1 - min(0.9, self._best * math.exp(max(0.0, form)))


def _scaled(config: TrainConfig) -> NDArray[np.float64]:
    def log(value: float, low: float, high: float) -> float:
        return math.log(value / low) / math.log(high / low)

    return np.array(
        [
            log(config.width, 64, 1024),
            config.dropout / 0.6,
            log(config.batch_size, 32, 512),
            log(config.epochs, 3, 20),
        ]
    )


def searched(
    world: World, plan: Plan, space: Space
) -> tuple[NDArray[np.float64], tuple[TrialRecord, ...]]:
    """Search one simulated study to its total; return true accuracies and records, by order."""
    rng = np.random.default_rng(plan.seed)
    law = Law(world, rng) if world.table is None else world.table
    asking = Asking(space, plan.sampler, plan.seed, (), lambda _: None)
    true, records = np.zeros(plan.trials), []
    for order in range(plan.trials):
        asked = asking.ask(order, order)
        assert asked is not None
        assert isinstance(asked.config, TrainConfig)
        true[order] = law.true_accuracy(asked.config)
        seen = float(np.clip(true[order] + rng.normal(0, world.noise), 0, 1))
        record = TrialRecord(
            number=order,
            state="complete",
            origin=asked.origin,
            params=asked.params,
            config=asked.config.as_params(),
            seed=asked.seed,
            split="validation",
            n=world.validation_n,
            accuracy=round(seen * world.validation_n) / world.validation_n,
        )
        asking.release(order, record)
        records.append(record)
    return true, tuple(records)


def ended_after(
    world: World, plan: Plan, space: Space, records: tuple[TrialRecord, ...], rule: str
) -> int:
    """Return after how many trials the rule ends the study with the plan's total."""
    request = Request({"trials": plan.trials, "stop_when": rule})
    stopping = Stopping(first_plan(request, plan.name, space, "f" * 64), space, world.test_n)
    for order, record in enumerate(records[: plan.trials]):
        stopping.end(order, record)
    found = stopping.look_at_all()
    return plan.trials if found is None else found.after


def handed_over(
    world: World, true: NDArray[np.float64], seen: NDArray[np.float64], rng: np.random.Generator
) -> float:
    """Return the true accuracy of the winner of a race of the best, the mean over many races."""
    best = true[np.argsort(-seen, kind="stable")[:TOP]]
    raced = best + rng.normal(0, world.noise / math.sqrt(ROUNDS), (RACES, len(best)))
    return float(best[raced.argmax(axis=1)].mean())


def replay(world: World, studies: int, trials: int) -> None:
    """Print a line for each rule and total."""
    space = load_space("four")
    plans = [
        first_plan(Request({"seed": seed, "trials": trials}), "simulated", space, "f" * 64)
        for seed in range(studies)
    ]
    found = [searched(world, plan, space) for plan in plans]
    for total in sorted({trials, trials * 6 // 10}):
        for rule in ("done", "no-progress:20"):
            ends, lost = [], []
            for plan, (true, records) in zip(plans, found, strict=True):
                request = Request({"seed": plan.seed, "trials": total})
                asked = first_plan(request, "simulated", space, "f" * 64)
                end = ended_after(world, asked, space, records, rule)
                seen = np.array([one.accuracy for one in records])
                winners = [
                    handed_over(world, true[:k], seen[:k], np.random.default_rng(plan.seed))
                    for k in (total, end)
                ]
                ends.append(end)
                lost.append(100 * (winners[0] - winners[1]))
            saved = 100 * (1 - np.mean(ends) / total)
            within = 100 * np.mean(np.array(lost) <= BEARABLE)
            print(
                f"{world.name:8s} {total:5d}  {rule:15s} {saved:7.0f}  {np.mean(lost):8.3f}  "
                f"{np.quantile(lost, SHARE):8.3f}  {within:10.0f}",
                flush=True,
            )


def main() -> None:
    """Print what each rule saves and loses in each world."""
    parser = argparse.ArgumentParser(description="What ending a search early saves and loses")
    parser.add_argument("--studies", type=int, default=100)
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--recorded", action="store_true", help="replay recorded tables")
    asked = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    print(f"{asked.studies} studies a line, seeds 0 to {asked.studies - 1}; lost in points")
    print(
        f"world    total  rule              saved %  lost, mean  {100 * SHARE:.0f} %  "
        f"within {BEARABLE} %"
    )
    for world in recorded_worlds() if asked.recorded else WORLDS:
        replay(world, asked.studies, asked.trials)


if __name__ == "__main__":
    main()
