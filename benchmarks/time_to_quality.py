"""Equal time on the clock: the config that each tuner would hand over, trained again.

The tuners are dense-study, Optuna with `model.fit`, KerasTuner's Hyperband and Ray Tune's ASHA. All
search the space `four` on the training images of MNIST, of which a sixth scores (drawn by the
study's seed), each alone on the machine, and are ended when their time is over. The config that
was the best by then is trained again, by the same engine, under three fresh seeds on one fresh
split. Printed is its mean accuracy there, and the mean gain of dense-study with a 95 % interval
(Student's t over study seeds). Test images are not touched. What was done is kept in FOLDER, so
that a run that was cut off goes on. The peers need an environment of the product's packages and
their own: python -m pip install -c constraints.txt -e . -r benchmarks/peers-requirements.txt
Run: python benchmarks/time_to_quality.py FOLDER --mnist mnist.npz --python PYTHON --minutes 2 5
"""

import argparse
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import numpy as np
from parts.no_user_ledger import leave_user_ledger_alone
from scipy import stats

from study.config import config_from_params
from study.data.load import load_data
from study.data.split import VALIDATION_SHARE, split_data
from study.data.values import Split, TrainingData
from study.engine.seeds import derive_seed
from study.engine.trainer import Trainer

_ROOT = Path(__file__).resolve().parents[1]
_PEERS = Path(__file__).resolve().parent / "parts" / "peers"
OURS = "dense-study"
TUNERS = (OURS, "plain_optuna", "keras_tuner_hyperband", "ray_tune_asha")
FRESH_SEEDS = 3
# How long a tuner that was asked to end may take to do so.
_END_SECONDS = 60


@dataclass(frozen=True)
class Handed:
    """What a tuner handed over, and what the config reached again under fresh seeds."""

    tuner: str
    minutes: float
    seed: int
    trials: int
    seen: float
    config: dict[str, Any]
    again: tuple[float, ...]
    n: int


def main() -> int:
    """Tune, train again, and print a table for each time."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where results are kept")
    parser.add_argument("--mnist", type=Path, required=True)
    parser.add_argument("--python", default=sys.executable, help="interpreter that has the peers")
    parser.add_argument("--minutes", type=float, nargs="+", default=[2.0, 5.0, 15.0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--tuners", nargs="+", choices=TUNERS, default=TUNERS)
    asked = parser.parse_args()
    leave_user_ledger_alone()
    asked.folder.mkdir(parents=True, exist_ok=True)
    training = load_data(str(asked.mnist), os.environ).training
    for seed in range(asked.seeds):
        for minutes in asked.minutes:
            shift = seed % len(asked.tuners)
            for tuner in (*asked.tuners[shift:], *asked.tuners[:shift]):
                _ensure(asked, training, tuner, minutes, seed)
    for minutes in asked.minutes:
        _print_table(asked.folder, minutes, asked.tuners)
    return 0


def _results(folder: Path) -> list[Handed]:
    path = folder / "results.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    found = [json.loads(line) for line in lines]
    return [Handed(**{**one, "again": tuple(one["again"])}) for one in found]


def _ensure(
    asked: argparse.Namespace, training: TrainingData, tuner: str, minutes: float, seed: int
) -> None:
    """Tune and train again, unless that was done before."""
    if any(
        (one.tuner, one.minutes, one.seed) == (tuner, minutes, seed)
        for one in _results(asked.folder)
    ):
        return
    with tempfile.TemporaryDirectory() as place:
        if tuner == OURS:
            best = _ours(Path(place), asked.mnist.resolve(), minutes, seed)
        else:
            best = _peer(Path(place), training, (asked.python, tuner), minutes, seed)
    config = config_from_params(best["config"])
    split = Split(derive_seed(seed, "time to quality split", 0), VALIDATION_SHARE)
    trainer = Trainer(training)
    again, n = [], 0
    for number in range(FRESH_SEEDS):
        fresh = derive_seed(seed, "time to quality", number)
        result = trainer.train(config, fresh, split, lambda _: False).result
        assert result is not None
        assert result.accuracy is not None
        again.append(result.accuracy)
        n = result.n
    done = tuner, minutes, seed
    handed = Handed(*done, best["trials"], best["accuracy"], best["config"], tuple(again), n)
    with (asked.folder / "results.jsonl").open("a") as file:
        file.write(json.dumps(asdict(handed)) + "\n")
    print(f"{minutes:g} min, seed {seed}, {tuner}: {fmean(again):.2%}, {handed.config}", flush=True)


def _ours(place: Path, mnist: Path, minutes: float, seed: int) -> dict[str, Any]:
    program = [sys.executable, "-m", "study"]
    options = ["--trials", "100000", "--seed", str(seed), "--no-confirm", "--name", "s", "--quiet"]
    run = [*program, "run", "four", "--data", str(mnist), *options]
    env = {**os.environ, "PYTHONPATH": str(_ROOT)}
    _run_for(run, place, env, minutes, signal.SIGINT)
    shown = subprocess.run(
        [*program, "show", "s", "--json"], cwd=place, env=env, check=True, capture_output=True
    )
    trials = json.loads(shown.stdout)["trials"]
    ended = [one for one in trials if one["state"] == "complete"]
    best = max(ended, key=lambda one: one["accuracy"])
    return {"config": best["config"], "accuracy": best["accuracy"], "trials": len(ended)}


def _peer(
    place: Path, training: TrainingData, which: tuple[str, str], minutes: float, seed: int
) -> dict[str, Any]:
    sides = split_data(training, Split(seed, VALIDATION_SHARE))
    assert sides.validation is not None
    scale = training.about.full_scale
    np.savez(
        place / "data.npz",
        x_train=(sides.train.inputs / scale).astype(np.float32),
        y_train=sides.train.labels,
        x_valid=(sides.validation.inputs / scale).astype(np.float32),
        y_valid=sides.validation.labels,
    )
    python, tuner = which
    run = [python, str(_PEERS / f"{tuner}.py"), "data.npz", str(seed), str(place / "best.json")]
    _run_for(
        run, place, {**os.environ, "PYTHONPATH": str(_PEERS.parents[1])}, minutes, signal.SIGTERM
    )
    best: dict[str, Any] = json.loads((place / "best.json").read_text())
    return best


def _run_for(
    command: list[str], place: Path, env: dict[str, str], minutes: float, end: signal.Signals
) -> None:
    """Run a tuner for its time, then end it with all that it started."""
    end_at = time.monotonic() + 60 * minutes
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "RAY_TRAIN_WORKER_GROUP_START_TIMEOUT_S": "600"}
    with (place / "said.txt").open("wb") as said:
        process = subprocess.Popen(
            command, cwd=place, env=env | quiet, stdout=said, stderr=said, start_new_session=True
        )
        try:
            process.wait(end_at - time.monotonic())
        except subprocess.TimeoutExpired:
            process.send_signal(end)
        else:
            text = (place / "said.txt").read_text(errors="replace")[-2000:]
            raise SystemExit(f"{command[1]} ended by itself:\n{text}")
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _print_table(folder: Path, minutes: float, tuners: tuple[str, ...]) -> None:
    found = {(one.tuner, one.seed): one for one in _results(folder) if one.minutes == minutes}
    ours = {seed: fmean(one.again) for (tuner, seed), one in found.items() if tuner == OURS}
    sizes = sorted({f"{one.n:,}" for one in found.values()})
    seeds = f"{FRESH_SEEDS} fresh seeds"
    print(f"{minutes:g} minutes each; accuracy on a fresh split, n = {', '.join(sizes)}, {seeds}")
    gain = "gain of dense-study, points"
    print(f"{'tuner':<24}{'trials':>7}{'accuracy':>10}{gain:>32}{'better':>9}")
    for tuner in tuners:
        own = {seed: one for (name, seed), one in found.items() if name == tuner}
        if not own:
            continue
        trials = fmean(one.trials for one in own.values())
        accuracy = fmean(fmean(one.again) for one in own.values())
        gaps = [ours[seed] - fmean(one.again) for seed, one in own.items() if seed in ours]
        print(f"{tuner:<24}{trials:>7.1f}{accuracy:>10.2%}{_gain(tuner, gaps)}")


def _gain(tuner: str, gaps: list[float]) -> str:
    if tuner == OURS or not gaps:
        return ""
    better = f"{sum(gap > 0 for gap in gaps)} of {len(gaps)}"
    if len(gaps) < 2:
        return f"{100 * gaps[0]:>+32.2f}{better:>9}"
    half = float(stats.t.ppf(0.975, len(gaps) - 1)) * stdev(gaps) / math.sqrt(len(gaps))
    interval = f"{100 * fmean(gaps):+.2f} ({100 * (fmean(gaps) - half):+.2f} to "
    return f"{interval + f'{100 * (fmean(gaps) + half):+.2f})':>32}{better:>9}"


if __name__ == "__main__":
    raise SystemExit(main())
