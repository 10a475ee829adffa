"""The whole answer, `verify` and `export` beside those of an earlier edition, in turn.

The earlier edition is a checkout of its commit, which runs on the same packages:
git worktree add FOLDER COMMIT. Each repeat runs, for both editions and in turn, a study from start
to report and bundle, then `verify` of its bundle, then `export`. Printed are the medians of the
ratios now / before: of the seconds on the clock, which other programs disturb, and of the
processor's seconds, which they disturb less. Digits by default; --data takes mnist.npz.
Run: python benchmarks/editions.py --before FOLDER --repeats 5
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from parts.no_user_ledger import leave_user_ledger_alone

_HERE = Path(__file__).resolve().parents[1]
_STEPS = ("run", "verify", "export")
Costs = dict[str, tuple[float, float]]


def main() -> int:
    """Print a line for each step: its ratios, and the seconds they are of."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--before", type=Path, required=True, help="checkout of the other edition")
    parser.add_argument("--data", default="digits")
    parser.add_argument("--trials", type=int, default=30)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    leave_user_ledger_alone()
    editions = {"before": asked.before.resolve(), "now": _HERE}
    costs: dict[str, list[Costs]] = {name: [] for name in editions}
    with tempfile.TemporaryDirectory() as folder:
        for repeat in range(asked.repeats):
            for name in editions if repeat % 2 == 0 else reversed(editions):
                place = Path(folder) / f"{name}-{repeat}"
                place.mkdir()
                costs[name].append(_costs(editions[name], place, asked))
                clocks = ", ".join(f"{step} {one[0]:.1f}" for step, one in costs[name][-1].items())
                print(f"{name}, seconds on the clock: {clocks}", flush=True)
    print(f"{'step':<8}{'clock':>8}{'processor':>11}   medians of ratios, n = {asked.repeats}")
    for step in _STEPS:
        clock, processor = (_ratio(costs, step, kind) for kind in (0, 1))
        seconds = ", ".join(f"{name} {_median(costs[name], step):.1f}" for name in editions)
        print(f"{step:<8}{clock:>8.2f}{processor:>11.2f}   seconds on the clock: {seconds}")
    return 0


def _costs(edition: Path, place: Path, asked: argparse.Namespace) -> Costs:
    """Return the seconds on the clock and of the processor that each step took."""
    options = ["--trials", str(asked.trials), "--jobs", str(asked.jobs), "--quiet"]
    if (edition / "study/run_dir/fold_rule.py").exists():
        # The same work in both: earlier editions score every trial on one split.
        options += ["--folds", "1"]
    commands = {
        "run": ["run", "four", "--data", asked.data, "--name", "s", *options],
        "verify": ["verify", "runs/s/best", *_data(asked.data)],
        "export": ["export", "s"],
    }
    return {step: _timed(commands[step], edition, place) for step in _STEPS}


def _data(data: str) -> list[str]:
    return ["--data", data] if Path(data).is_file() else []


def _timed(command: list[str], edition: Path, place: Path) -> tuple[float, float]:
    begun, used = time.perf_counter(), _processor_seconds()
    subprocess.run(
        [sys.executable, "-m", "study", *command],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(edition)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - begun, _processor_seconds() - used


def _processor_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def _ratio(costs: dict[str, list[Costs]], step: str, kind: int) -> float:
    pairs = zip(costs["now"], costs["before"], strict=True)
    return median(now[step][kind] / before[step][kind] for now, before in pairs)


def _median(costs: list[Costs], step: str) -> float:
    return median(one[step][0] for one in costs)


if __name__ == "__main__":
    sys.exit(main())
