"""From a table's file to a verdict by one command, beside logistic regression and boosted trees.

Each table that scikit-learn brings along is written as a CSV file, with nothing done to it, and
studied by `dense-study run`. Printed are its rows, columns and classes, the verdict, the test
accuracy of winner and baseline (mean over the final's seeds) and of scikit-learn's two models on
the same test rows, and the study's seconds over those that the two took together. The two see the
same training rows; their test accuracy enters no study.
Run: python benchmarks/tables.py --trials 20 --jobs 2
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from sklearn import datasets
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from search_spaces.data_source import DataOptions
from study.data.fitting import Choices, fit
from study.data.own_data import read_own_data
from study.data.preparation import apply
from study.machine import memory_limit

TABLES: dict[str, Callable[[], Any]] = {
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "breast-cancer": datasets.load_breast_cancer,
    "digits-as-table": datasets.load_digits,
}
_TARGET = "target"
_HEAD = (
    f"{'table':<16}{'rows':>6}{'columns':>8}{'classes':>8}  {'verdict':<13}{'winner':>8}"
    f"{'baseline':>9}{'logistic':>9}{'trees':>8}{'seconds, ratio':>15}"
)


def main() -> int:
    """Print a line for each table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="*", help=f"of {', '.join(TABLES)}; all by default")
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--confirm-seeds", default="5")
    asked = parser.parse_args()
    if unknown := set(asked.tables) - set(TABLES):
        parser.error(f"no such table: {', '.join(sorted(unknown))}")
    print(_HEAD)
    with tempfile.TemporaryDirectory() as folder:
        for name in asked.tables or TABLES:
            path = Path(folder) / f"{name}.csv"
            _write(TABLES[name](), path)
            print(_line(name, path, asked), flush=True)
    return 0


def _write(bunch: Any, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream)
        rows.writerow([*bunch.feature_names, _TARGET])
        for values, code in zip(bunch.data.tolist(), bunch.target.tolist(), strict=True):
            rows.writerow([*values, bunch.target_names[code]])


def _line(name: str, path: Path, asked: argparse.Namespace) -> str:
    record, seconds = _studied(path, asked)
    confirmation = record["confirmation"]
    answers = [one["answer"] for one in confirmation["comparisons"] if one["against"] == "baseline"]
    finals = [one for one in confirmation["retrainings"] if one["stage"] == "final"]
    winner, baseline = (
        mean(one["accuracy"] for one in finals if (one["candidate"] == "baseline") is is_baseline)
        for is_baseline in (False, True)
    )
    logistic, trees, beside = _beside(path)
    data = record["data"]
    rows = data["train_n"] + data["validation_n"] + data["test_n"]
    return (
        f"{name:<16}{rows:>6}{data['features']:>8}{len(data['classes']):>8}  {answers[0]:<13}"
        f"{winner:>8.2%}{baseline:>9.2%}{logistic:>9.2%}{trees:>8.2%}{seconds / beside:>15.0f}"
    )


def _studied(path: Path, asked: argparse.Namespace) -> tuple[dict[str, Any], float]:
    """Return the record of a study of a file, and the seconds it took."""
    begun = time.perf_counter()
    program = [sys.executable, "-m", "study"]
    options = ["--trials", str(asked.trials), "--jobs", str(asked.jobs), "--name", path.stem]
    options += ["--confirm-seeds", asked.confirm_seeds, "--quiet"]
    run = [*program, "run", "four", "--data", path.name, "--target", _TARGET, *options]
    subprocess.run(run, cwd=path.parent, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - begun
    shown = [*program, "show", path.stem, "--json"]
    done = subprocess.run(shown, cwd=path.parent, check=True, capture_output=True)
    record: dict[str, Any] = json.loads(done.stdout)
    return record, seconds


def _beside(path: Path) -> tuple[float, float, float]:
    """Return the test accuracy of logistic regression and of boosted trees, and their seconds."""
    whole = read_own_data(path, DataOptions(target=_TARGET), memory_limit())
    train, test = (side.inputs.astype(np.float32, copy=False) for side in (whole.train, whole.test))
    prepared = fit(whole.columns, train, Choices("standard", 0.01))
    begun = time.perf_counter()
    logistic = LogisticRegression(max_iter=5000)
    logistic.fit(apply(prepared, train), whole.train.labels)
    trees = HistGradientBoostingClassifier(random_state=0)
    trees.fit(train, whole.train.labels)
    found = (
        logistic.score(apply(prepared, test), whole.test.labels),
        trees.score(test, whole.test.labels),
    )
    return *found, time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
