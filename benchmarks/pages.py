"""Measure the report page: bytes and seconds at 100 and 10,000 trials, beside Optuna's own plots.

python benchmarks/pages.py [--space wide] [--trials 100 10000]

Trials are made up: random params of a shipped space, curves that rise to a random accuracy. The
plots beside it (history, slice, parallel coordinates, importances) are those that Optuna draws of
the same trials, each written as a page of its own with plotly.js inside.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from plotly.graph_objects import Figure

from reports.data_record import DataRecord
from reports.page import render_page
from reports.record import StudyRecord
from reports.trial_record import EpochRecord, TrialRecord
from search_spaces.fingerprint import space_fingerprint
from search_spaces.optuna_domains import ask_params, distribution, full_params
from search_spaces.parameters import Scalar, complete_params
from search_spaces.read import load_space
from search_spaces.space import Space

MILLION = 1_000_000


def main() -> None:
    """Print a line for each number of trials."""
    parser = argparse.ArgumentParser(description="Measure the report page.")
    parser.add_argument("--space", default="wide")
    parser.add_argument("--trials", type=int, nargs="+", default=[100, 10_000])
    asked = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    space = load_space(asked.space)
    for count in asked.trials:
        record = made_up(space, count)
        began = time.perf_counter()
        page = render_page(record)
        ours = time.perf_counter() - began
        size, theirs = optuna_plots(record)
        own = len(page.encode())
        print(f"{count} trials, {len(space.parameters)} parameters")
        print(f"  report page           {own / MILLION:6.1f} MB {ours:6.1f} s")
        print(f"  four plots of Optuna  {size / MILLION:6.1f} MB {theirs:6.1f} s")
        print(f"  page over plots       {own / size:6.2f}    {ours / theirs:6.2f}")


def made_up(space: Space, count: int) -> StudyRecord:
    """Return a record of so many trials, one in three pruned; trial 0 is the baseline."""
    random = np.random.default_rng(0)
    trials = tuple(_trial(space, number, random) for number in range(count))
    data = DataRecord(
        "mnist", "0" * 64, 784, (28, 28), 50_000, 10_000, 10_000, tuple("0123456789"), (6_000,) * 10
    )
    return StudyRecord(
        name="made-up",
        created="2026-01-01T00:00:00+00:00",
        data=data,
        space=space,
        space_fingerprint=space_fingerprint(space),
        seed=0,
        split_seed=0,
        sampler="random",
        pruner="median",
        jobs=2,
        trials_asked=count,
        versions={},
        machine="",
        trials=trials,
        summaries={},
    )


def _trial(space: Space, number: int, random: np.random.Generator) -> TrialRecord:
    def suggest(_name: str, domain: BaseDistribution) -> Scalar:
        if isinstance(domain, CategoricalDistribution):
            choice = domain.choices[int(random.integers(len(domain.choices)))]
            assert choice is not None
            return choice
        assert isinstance(domain, IntDistribution | FloatDistribution)
        value = float(random.uniform(domain.low, domain.high))
        return round(value) if isinstance(domain, IntDistribution) else value

    params = ask_params(space, suggest)
    best = 0.985 - 0.02 * float(random.random())
    pruned = number > 0 and bool(random.random() < 1 / 3)
    epochs = int(random.integers(3, 21))
    curve = tuple(
        EpochRecord(e, 1 / e, 0.1 + 1 / e, best * (1 - 0.05 / e), 3.0) for e in range(1, epochs + 1)
    )
    return TrialRecord(
        number=number,
        state="pruned" if pruned else "complete",
        origin="search" if number else "baseline",
        params=params,
        config=complete_params("made up", full_params(space, params)),
        seed=number,
        split="validation",
        n=10_000,
        accuracy=None if pruned else curve[-1].validation_accuracy,
        loss=None if pruned else curve[-1].validation_loss,
        curve=curve,
        worker="worker 1",
        started="2026-01-01T00:00:00+00:00",
        ended="2026-01-01T00:01:00+00:00",
        seconds=60.0,
        parameter_count=600_000,
    )


def optuna_plots(record: StudyRecord) -> tuple[int, float]:
    """Return the bytes and seconds of Optuna's own plots of a record's complete trials."""
    study = optuna.create_study(direction="maximize")
    domains = {p.name: distribution(p.domain) for p in record.space.parameters}
    for trial in record.trials:
        if trial.accuracy is not None:
            asked = {name: domains[name] for name in trial.params}
            study.add_trial(
                optuna.trial.create_trial(
                    params=dict(trial.params), distributions=asked, value=trial.accuracy
                )
            )
    draw = optuna.visualization
    plots: tuple[Callable[[optuna.Study], Figure], ...] = (
        draw.plot_optimization_history,
        draw.plot_slice,
        draw.plot_parallel_coordinate,
        draw.plot_param_importances,
    )
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.html" for number in range(len(plots))]
        for plot, file in zip(plots, files, strict=True):
            plot(study).write_html(file)
        return sum(file.stat().st_size for file in files), time.perf_counter() - began


if __name__ == "__main__":
    main()
