"""Replay searches on recorded tables: how far from the best each method ends, for what it trains.

The product's own search runs with its samplers and pruners, one trial at a time; a forest fitted to
a table (`parts/table_world.py`) answers instead of trainings. Regret is by how many points the true
accuracy of what a study hands over, its best by the noisy accuracy that it saw, lies below the best
that is known in that world. It is given after 12 and 30 trials, and for as many epochs as today's
default trains in these. Methods are compared with it seed by seed. Portfolios are learned from the
table of the other data set.

    python benchmarks/replay.py [--tables digits-four ...] [--methods NAME ...] [--studies 50]
    python benchmarks/replay.py --quick
"""

import argparse
import math
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray
from parts.learned_portfolio import learned_portfolio
from parts.recorded_tables import TABLES, load_table
from parts.replay_methods import DEFAULT, METHODS, STANDARD, study_of
from parts.replayed import Replay
from parts.table_world import TableWorld
from scipy import stats

from search_spaces.parameters import Params

TRIALS = (12, 30)
LARGEST_PORTFOLIO = 8
_OTHER = {"digits": "mnist", "mnist": "digits"}
_Floats = NDArray[np.float64]


@cache
def world_of(table: str) -> TableWorld:
    """Return the world of a table."""
    return TableWorld(load_table(table))


@cache
def portfolio_for(table: str) -> tuple[Params, ...]:
    """Return what the other data set teaches for a table."""
    data, space = table.split("-")
    return learned_portfolio([world_of(f"{_OTHER[data]}-{space}")], LARGEST_PORTFOLIO)


def one_study(table: str, method: str, epochs: float, seed: int) -> Replay:
    """Replay one study."""
    warnings.simplefilter("ignore")
    start = portfolio_for(table) if METHODS[method].portfolio else ()
    return study_of(METHODS[method], world_of(table), start, seed, epochs)


def best_known(world: TableWorld, replays: Mapping[str, Sequence[Replay]]) -> float:
    """Return the best true accuracy of the table's configs and of all that any study tried."""
    errors = world.final_log_errors_by_tree(world.configs).mean(axis=1)
    tried = max(float(one.true.max()) for some in replays.values() for one in some)
    return max(tried, 1 - math.exp(float(errors.min())))


@dataclass(frozen=True)
class Compared:
    """Regrets of a method's studies (points), and how they differ from the default's by seed."""

    regret: _Floats
    less: _Floats

    def __str__(self) -> str:
        """Return mean regret, and mean difference, each with a 95 % interval."""
        return f"{_with_interval(self.regret)}  {_with_interval(self.less, sign='+')}"


def _with_interval(values: _Floats, sign: str = "") -> str:
    mean = float(values.mean())
    half = float(stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values)))
    return f"{mean:{sign}6.2f} ± {half:4.2f}"


def compare(table: str, methods: Sequence[str], studies: int, pool: ProcessPoolExecutor) -> None:
    """Print a line for each method, the default first."""
    world = world_of(table)
    rank, among, error = world.cross_validated()
    print(
        f"\n{table}: {len(world.table.rows)} trainings; the forest on unseen configs: rank"
        f" correlation {rank:.2f} (better half {among:.2f}), median error {error:.2f} points;"
        f" seeds' sd {100 * world.noise:.0f} % of the error"
    )
    seeds = range(studies)
    replays = {DEFAULT: list(pool.map(partial(one_study, table, DEFAULT, 0.0), seeds))}
    budgets = [
        float(np.mean([one.epochs[:trials].sum() for one in replays[DEFAULT]])) for trials in TRIALS
    ]
    for method in dict.fromkeys((DEFAULT, *methods)):
        found = pool.map(partial(one_study, table, method, budgets[-1]), seeds, chunksize=5)
        replays[method] = list(found)
    best = best_known(world, replays)
    heads = [f"{trials} trials" for trials in TRIALS] + [f"{one:.0f} epochs" for one in budgets]
    print(f"best known {100 * best:.2f} %; regret in points, then the difference to {DEFAULT}")
    print(f"{'':24s}" + "".join(f"{head:>30s}" for head in heads))
    bases = _regrets(replays[DEFAULT], best, budgets)
    for method, some in replays.items():
        cells = [
            f"{Compared(found, found - base)!s:>30s}"
            for found, base in zip(_regrets(some, best, budgets), bases, strict=True)
        ]
        print(f"{method:24s}" + "".join(cells), flush=True)


def _regrets(some: Sequence[Replay], best: float, budgets: Sequence[float]) -> list[_Floats]:
    after = [np.array([best - one.picked(trials) for one in some]) for trials in TRIALS]
    within = [np.array([best - one.picked_within(epochs) for one in some]) for epochs in budgets]
    return [100 * values for values in (*after, *within)]


def main() -> None:
    """Print a table for each table."""
    parser = argparse.ArgumentParser(description="Regret of search methods on recorded tables")
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=TABLES)
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=STANDARD)
    parser.add_argument("--studies", type=int, default=50)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="one table, few studies and methods")
    asked = parser.parse_args()
    if asked.quick:
        asked.tables, asked.studies = ["digits-four"], 5
        asked.methods = ["random", "portfolio of 4"]
    print(f"{asked.studies} studies each, seeds 0 to {asked.studies - 1}; ± is a 95 % interval")
    with ProcessPoolExecutor(asked.jobs) as pool:
        for table in asked.tables:
            compare(table, asked.methods, asked.studies, pool)


if __name__ == "__main__":
    main()
