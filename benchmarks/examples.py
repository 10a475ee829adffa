"""Train an example config on all training images with several seeds; print its test accuracy.

Every network is trained before the test split is opened, once, for all of them; the opening is
written to a ledger. One thread.
Run: python benchmarks/examples.py examples/mnist_augmented.toml --data mnist.npz --seeds 3
"""

import argparse
import os
import statistics
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np  # noqa: E402 threads are counted at the import

from study.config import TrainConfig  # noqa: E402
from study.config_file import load_config  # noqa: E402
from study.data.load import load_data  # noqa: E402
from study.data.values import TrainingData  # noqa: E402
from study.engine.results import EpochResult, TrialResult  # noqa: E402
from study.engine.trainer import Trained, Trainer  # noqa: E402
from study.ledger import Ledger  # noqa: E402
from study.model import predictions  # noqa: E402
from study.vault import open_test  # noqa: E402


def main() -> None:
    """Train, open the test split, print one line a seed and the mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", default="mnist", help="a data set's name or an .npz file")
    parser.add_argument("--seeds", type=int, default=3, help="how many: 0, 1, 2 ...")
    parser.add_argument("--ledger", type=Path, default=Path("runs/examples-ledger.jsonl"))
    asked = parser.parse_args()
    config = load_config(asked.config)
    loaded = load_data(asked.data, os.environ)
    training = loaded.training
    print(
        f"{asked.config.name}, config {config.key}: trained on all {training.examples.n} images"
        f" of {training.about.name} ({training.about.fingerprint[:12]}), one thread,"
        f" tensorflow {version('tensorflow')}, keras {version('keras')}",
        flush=True,
    )
    trained = {seed: train(config, training, seed) for seed in range(asked.seeds)}
    hashes = [result.weights_hash for _, result, _ in trained.values()]
    asked.ledger.parent.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    why = f"accuracy of {asked.config.name} over seeds 0-{asked.seeds - 1}"
    test = open_test(loaded.test, Ledger(asked.ledger), why, hashes, now)
    accuracies = []
    for seed, (weights, result, cpu) in trained.items():
        answers = predictions(config, weights.weights, test, training.about).argmax(axis=1)
        accuracies.append(float(np.mean(answers == test.labels)))
        print(
            f"  seed {seed}: test accuracy {accuracies[-1]:.2%} (n = {test.n}),"
            f" {result.seconds:.0f} s ({cpu:.0f} s of processor), {result.epochs} epochs,"
            f" weights {result.weights_hash[:12]}"
        )
    spread = f" +- {statistics.stdev(accuracies):.2%}" if len(accuracies) > 1 else ""
    seconds = statistics.mean(result.seconds for _, result, _ in trained.values())
    print(
        f"  mean of {len(accuracies)} seeds: {statistics.mean(accuracies):.2%}{spread}"
        f" on the test split (n = {test.n}), {seconds:.0f} s a run"
    )


def train(config: TrainConfig, data: TrainingData, seed: int) -> tuple[Trained, TrialResult, float]:
    """Train once on all images; return also the processor's seconds, which no neighbour changes."""
    began = time.process_time()

    def tell(epoch: EpochResult) -> bool:
        line = f"  seed {seed} epoch {epoch.epoch}/{config.epochs}: loss {epoch.train_loss:.4f}"
        print(f"{line}, {epoch.seconds:.1f} s", flush=True)
        return False

    trained = Trainer(data).train(config, seed, None, tell)
    assert trained.result is not None
    return trained, trained.result, time.process_time() - began


if __name__ == "__main__":
    main()
