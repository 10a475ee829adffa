"""Measure what the coordinator and its workers bring, and what they cost; print ratios.

python benchmarks/throughput.py [--quick] [--rounds N] [--mnist mnist.npz] [MEASUREMENT ...]

MEASUREMENT is any of digits, mnist, deterministic, coordinator, few-workers, many-workers (all but
mnist if none). In `digits` and `mnist` the same configs are trained by `parts/plain_script.py` and
by dense-study; both times hold everything from the start of the process to its end. The others
simulate trials.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from parts.simulated import coordinator, deterministic, efficiency

from search_spaces.parameters import Scalar
from search_spaces.read import load_space
from study.coordinator.grid_and_qmc import qmc_points
from study.data.load import load_data
from study.data.split import VALIDATION_SHARE, split_data
from study.data.values import Split
from study.engine.seeds import search_split_seed

PARTS = Path(__file__).parent / "parts"
MEASUREMENTS = ("digits", "deterministic", "coordinator", "few-workers", "many-workers")
BASELINE: dict[str, Scalar] = {"width": 512, "dropout": 0.2, "batch_size": 128, "epochs": 5}


def main() -> None:
    """Run the measurements that were asked for."""
    parser = argparse.ArgumentParser(description="Measure throughput.")
    parser.add_argument(
        "measurements",
        nargs="*",
        metavar="MEASUREMENT",
        help=f"mnist, or any of {', '.join(MEASUREMENTS)}  [all but mnist]",
    )
    parser.add_argument("--quick", action="store_true", help="fewer configs, one round")
    parser.add_argument("--rounds", type=int, default=0, help="rounds of both  [3, quick: 1]")
    parser.add_argument("--mnist", help="the MNIST file, for mnist")
    asked = parser.parse_args()
    rounds = asked.rounds or (1 if asked.quick else 3)
    quick = asked.quick
    for name in asked.measurements or MEASUREMENTS:
        match name:
            case "digits":
                compare("digits", "digits", 8 if quick else 30, rounds)
            case "mnist":
                compare("mnist", asked.mnist, 3 if quick else 12, rounds)
            case "deterministic":
                for jobs in (2, 8):
                    deterministic(jobs, (6 if quick else 20) * jobs)
            case "coordinator":
                coordinator(200 if quick else 1000)
            case "few-workers":
                for jobs in (1, 2, 4, 8):
                    efficiency(jobs, 0.5, 6 if quick else 20)
            case "many-workers":
                efficiency(16 if quick else 64, 5.0, 4 if quick else 16)
            case _:
                parser.error(f"no measurement {name}")


def configs(count: int) -> list[dict[str, Scalar]]:
    """Return the baseline and points spread over the space `four`."""
    points = qmc_points(load_space("four"), seed=1)
    return [BASELINE, *(next(points) for _ in range(count - 1))]


def compare(name: str, data: str, count: int, rounds: int) -> None:
    """Time plain script and dense-study on the same configs, turn by turn."""
    ratios, trial_ratios = [], []
    with tempfile.TemporaryDirectory() as folder:
        wanted, arrays = Path(folder) / "configs.json", Path(folder) / "data.npz"
        wanted.write_text(json.dumps(configs(count)))
        save_split(data, arrays)
        for turn in range(rounds):
            plain, plain_trials = timed("plain_script.py", arrays, wanted)
            run = Path(folder) / f"run{turn}"
            ours, our_trials = timed("search_alone.py", run, data, wanted, os.cpu_count())
            ratios.append(plain / ours)
            trial_ratios.append(plain_trials / our_trials)
            print(
                f"{name}, {count} configs: plain {plain:.1f} s, dense-study {ours:.1f} s; "
                f"trials alone {plain_trials:.1f} s, {our_trials:.1f} s",
                flush=True,
            )
    print(f"{name}: {statistics.median(ratios):.1f} times the throughput, start-up included")
    print(f"{name}: {statistics.median(trial_ratios):.1f} times after start-up", flush=True)


def save_split(data: str, target: Path) -> None:
    """Write what a trial of seed 0's study sees, scaled, for the plain script."""
    training = load_data(data, os.environ).training
    seen = split_data(training, Split(search_split_seed(0), VALIDATION_SHARE))
    assert seen.validation is not None
    scale = training.about.full_scale
    np.savez(
        target,
        x_train=seen.train.inputs.astype(np.float32) / scale,
        y_train=seen.train.labels,
        x_valid=seen.validation.inputs.astype(np.float32) / scale,
        y_valid=seen.validation.labels,
    )


def timed(script: str, *arguments: object) -> tuple[float, float]:
    """Run a script; return the seconds of the whole process, and those of its trials."""
    command = [sys.executable, str(PARTS / script), *map(str, arguments)]
    began = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    return seconds, float(json.loads(done.stdout.splitlines()[-1])["seconds"])


if __name__ == "__main__":
    main()
