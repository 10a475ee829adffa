"""Train an example config on all training images with several seeds; print its test accuracy.

Every network is trained before the test split is opened, once, for all of them; the opening is
written to a ledger. One thread. A network that was trained is kept in a file, so a command that was
cut off goes on where it was.
Run: python benchmarks/example_accuracy.py examples/mnist_augmented.toml --data mnist.npz --seeds 3
"""

import argparse
import os
import statistics
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np  # noqa: E402 threads are counted at the import
from parts.no_user_ledger import leave_user_ledger_alone  # noqa: E402

from reports.opening import Purpose  # noqa: E402
from study.config import TrainConfig  # noqa: E402
from study.config_file import load_config  # noqa: E402
from study.data.load import load_data  # noqa: E402
from study.data.values import TrainingData  # noqa: E402
from study.engine.results import EpochResult  # noqa: E402
from study.engine.trainer import Trainer  # noqa: E402
from study.engine.weights import Weights, weights_hash  # noqa: E402
from study.machine import utc_text  # noqa: E402
from study.networks.keras_model import predictions  # noqa: E402
from study.run_dir.ledger import ledger_at  # noqa: E402
from study.vault import open_test  # noqa: E402


@dataclass(frozen=True)
class Run:
    """One trained network: its weights, and the seconds it took by the clock and the processor.

    The processor's seconds are the fairer figure where neighbours share the machine.
    """

    weights: Weights
    seconds: float
    cpu_seconds: float


def main() -> None:
    """Train, open the test split, print one line a seed and the mean."""
    leave_user_ledger_alone()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", default="mnist", help="a data set's name or an .npz file")
    parser.add_argument("--seeds", type=int, default=3, help="how many: 0, 1, 2 ...")
    parser.add_argument("--keep", type=Path, default=Path("runs/examples"))
    asked = parser.parse_args()
    config = load_config(asked.config)
    loaded = load_data(asked.data, os.environ)
    training = loaded.training
    print(
        f"{asked.config.name}, config {config.key}: {config.epochs} epochs on all"
        f" {training.examples.n} images of {training.about.name}"
        f" ({training.about.fingerprint[:12]}), one thread,"
        f" tensorflow {version('tensorflow')}, keras {version('keras')}",
        flush=True,
    )
    asked.keep.mkdir(parents=True, exist_ok=True)
    runs = [trained(config, training, seed, asked.keep) for seed in range(asked.seeds)]
    now = utc_text()
    purpose = Purpose("train", asked.config.name, seeds=asked.seeds)
    hashes = [weights_hash(run.weights) for run in runs]
    test = open_test(loaded.test, ledger_at(asked.keep / "ledger.jsonl"), purpose, hashes, now)
    accuracies = []
    for seed, run in enumerate(runs):
        answers = predictions(config, run.weights, test, training.about).argmax(axis=1)
        accuracies.append(float(np.mean(answers == test.labels)))
        print(
            f"  seed {seed}: test accuracy {accuracies[-1]:.2%} (n = {test.n}),"
            f" {run.seconds:.0f} s, {run.cpu_seconds:.0f} s of processor,"
            f" weights {hashes[seed][:12]}"
        )
    spread = f" +- {statistics.stdev(accuracies):.2%}" if len(accuracies) > 1 else ""
    print(
        f"  mean of {len(accuracies)} seeds: {statistics.mean(accuracies):.2%}{spread}"
        f" on the test split (n = {test.n}); a run took"
        f" {statistics.mean(run.seconds for run in runs):.0f} s,"
        f" {statistics.mean(run.cpu_seconds for run in runs):.0f} s of processor"
    )


def trained(config: TrainConfig, data: TrainingData, seed: int, keep: Path) -> Run:
    """Train on all images, or take the network that this was done for before."""
    path = keep / f"{config.key}-{data.about.fingerprint[:12]}-{seed}.npz"
    if not path.exists():
        run = train(config, data, seed)
        seconds = np.array([run.seconds, run.cpu_seconds])
        unfinished = path.with_suffix(".part.npz")
        np.savez(unfinished, *run.weights, seconds=seconds)
        unfinished.rename(path)
    with np.load(path, allow_pickle=False) as file:
        weights = tuple(file[name] for name in file.files if name != "seconds")
        return Run(weights, *(float(value) for value in file["seconds"]))


def train(config: TrainConfig, data: TrainingData, seed: int) -> Run:
    """Train once on all images, one line an epoch."""

    def report(epoch: EpochResult) -> bool:
        line = f"  seed {seed} epoch {epoch.epoch}/{config.epochs}: loss {epoch.train_loss:.4f}"
        print(f"{line}, {epoch.seconds:.1f} s", flush=True)
        return False

    began = time.process_time()
    done = Trainer(data).train(config, seed, None, report)
    assert done.result is not None
    return Run(done.weights, done.result.seconds, time.process_time() - began)


if __name__ == "__main__":
    main()
