"""Measure how a budget is kept: whole studies of digits, each in a fresh process, kept over asked.

Prints for each budget the seconds the command took, their ratio to the budget, and what it planned.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from parts.no_user_ledger import leave_user_ledger_alone

from reports.budget import planned_words
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import read_plan

_RUN = [sys.executable, "-m", "study", "run", "four", "--quiet"]


def kept(budget: float, data: str, seed: int, runs: Path) -> tuple[float, str]:
    """Return the seconds that a study with this budget took, and what was planned."""
    name = f"budget-{budget:g}-{seed}"
    own = ["--data", data, "--budget", f"{budget:g}s", "--seed", str(seed), "--name", name]
    begin = time.perf_counter()
    command = [*_RUN, *own, "--runs-dir", str(runs)]
    subprocess.run(command, check=True, capture_output=True)
    took = time.perf_counter() - begin
    return took, planned_words(read_plan(RunDirectory(runs / name)).planned)


def main() -> None:
    """Keep every budget under every seed, and print kept over asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, nargs="+", default=[40.0, 90.0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--data", default="digits")
    asked = parser.parse_args()
    leave_user_ledger_alone()
    with tempfile.TemporaryDirectory() as folder:
        for budget in asked.seconds:
            for seed in range(asked.seeds):
                took, words = kept(budget, asked.data, seed, Path(folder))
                print(f"{budget:6g} s  {took:7.1f} s  kept/asked {took / budget:.2f}  {words}")


if __name__ == "__main__":
    main()
