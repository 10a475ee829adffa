"""Measure what limits a study on many workers, on Dask beside local processes.

python benchmarks/cluster_limits.py [--quick] [--repeats N] [MEASUREMENT ...]

MEASUREMENT is any of efficiency, traffic, cost, scheduler, flight, memory (all if none). Trials are
simulated: they sleep, or take no time at all. The Dask cluster is real: a scheduler and up to
eight workers, processes on loopback. Costs are processor time, which a busy machine distorts less
than the clock.
"""

import argparse
import os

from parts.cluster_cost import cost, scheduler
from parts.cluster_traffic import traffic
from parts.loopback_cluster import sleeping_cluster, warm_up
from parts.simulated import TEN_EPOCHS, plan_of, seconds_of, sleeping_workers
from parts.study_size import counting, flight, memory

from search_spaces.read import read_space

EPOCHS = 10
MEASUREMENTS = ("efficiency", "traffic", "cost", "scheduler", "flight", "memory")


def main() -> None:
    """Run the measurements that were asked for."""
    parser = argparse.ArgumentParser(description="Measure what limits a study on many workers.")
    parser.add_argument(
        "measurements", nargs="*", metavar="MEASUREMENT", help=f"any of {', '.join(MEASUREMENTS)}"
    )
    parser.add_argument("--quick", action="store_true", help="fewer and smaller")
    parser.add_argument("--repeats", type=int, default=3, help="of efficiency  [3]")
    asked = parser.parse_args()
    if unknown := set(asked.measurements) - set(MEASUREMENTS):
        parser.error(f"no measurement {', '.join(sorted(unknown))}")
    for name in asked.measurements or MEASUREMENTS:
        measure(name, asked.quick, asked.repeats)
        print(f"load average after {name}: {os.getloadavg()[0]:.1f}", flush=True)


def measure(name: str, quick: bool, repeats: int) -> None:
    """Run one measurement."""
    slots = 8 if quick else 64
    match name:
        case "efficiency":
            for size in (1, 4) if quick else (1, 4, 16, 64):
                efficiency(size, 1.0 if quick else 5.0, 4, repeats)
        case "traffic":
            traffic(slots, 2.0 if quick else 5.0, 4)
        case "cost":
            cost(slots, 2.0 if quick else 5.0, 4)
        case "scheduler":
            scheduler((10, 50) if quick else (10, 100, 200), 100 if quick else 400)
        case "flight":
            for size in (64, 1000) if quick else (64, 1000, 10_000):
                flight("random", size)
                counting(size)
            flight("tpe", slots)
            flight("tpe", 200 if quick else 1000)
        case "memory":
            memory(*((300, 200) if quick else (10_000, 2000)))


def efficiency(slots: int, seconds: float, rounds: int, repeats: int) -> None:
    """Print how close slots come to training so many times as fast as one, both ways in turn."""
    space = read_space(TEN_EPOCHS, "ten epochs")
    plan = plan_of(space, pruner="none", trials=slots * rounds, jobs=slots)
    pause = seconds / EPOCHS
    with sleeping_workers(slots, pause) as local, sleeping_cluster(slots, pause) as opened:
        for _ in range(repeats):
            # A Dask worker ends training processes that have nothing to do for long.
            warm_up(opened)
            on_dask, alone = (
                100 * seconds * rounds / seconds_of(plan, space, executor)
                for executor in (opened.executor, local)
            )
            print(
                f"{slots} slots, {plan.trials} trials of {seconds:g} s: efficiency {alone:.0f} % "
                f"in local processes, {on_dask:.0f} % on Dask, {on_dask / alone:.2f} times; "
                f"load average {os.getloadavg()[0]:.1f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
