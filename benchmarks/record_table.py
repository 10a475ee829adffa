"""Train random configs of `four` and `wide`, and record their whole curves, for `replay.py`.

Configs are drawn by the product's own sampler `random`, the baseline first, and trained by its own
engine on one thread: on digits, and on 5,000 stratified images of MNIST. Those of `four` are
trained for the most epochs of the space: their rate is constant, so that a training of fewer epochs
is the beginning of it. Those of `wide` that cost much are thinned out: one of c times the median
cost is trained with probability 1 / c. One config in ten is trained under a second seed, to tell
its noise. The tables take turns, so that a recording that is cut off holds something of each; begun
again, it goes on from there and from what is packed. What is recorded are configs and curves,
nothing of the data.

    python benchmarks/record_table.py --part 0/2 & python benchmarks/record_table.py --part 1/2
    python benchmarks/record_table.py --pack
"""

import argparse
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np  # noqa: E402 threads are counted at the import
from parts.recorded_tables import TABLES, pack, packed  # noqa: E402

from search_spaces.read import load_space  # noqa: E402
from study.config import TrainConfig  # noqa: E402
from study.coordinator.suggest import Asking  # noqa: E402
from study.data.load import load_data  # noqa: E402
from study.data.split import VALIDATION_SHARE  # noqa: E402
from study.data.stratify import stratified  # noqa: E402
from study.data.values import Examples, Split, TrainingData  # noqa: E402
from study.engine.results import EpochResult, TrainingError  # noqa: E402
from study.engine.seeds import derive_seed, search_split_seed  # noqa: E402
from study.engine.trainer import Trainer  # noqa: E402

SEED = 0
FOUR_EPOCHS = 20
MNIST_IMAGES = 5_000
# How many configs of each table are trained before the next table has its turn.
ROUND = (("digits", "four", 1), ("digits", "wide", 4), ("mnist", "four", 1), ("mnist", "wide", 3))
SHARES = {"digits": VALIDATION_SHARE, "mnist": 0.4}
ROUNDS = 300
# One config in so many is trained again under another seed.
AGAIN = 10
# Weights times epochs of the median config of `wide`: none that costs more is drawn for certain.
MEDIAN_COST = 6.4e6


@dataclass(frozen=True)
class Training:
    """One training of a table: whose order-th config, under which of its seeds."""

    data: str
    space: str
    order: int
    config: TrainConfig
    repeat: int

    @property
    def key(self) -> str:
        """Name it in the recording."""
        return f"{self.data}-{self.space}-{self.order}-{self.repeat}"

    @property
    def seed(self) -> int:
        """Return the seed of the training."""
        return derive_seed(SEED, self.data, self.space, self.order, self.repeat)


def main() -> None:
    """Record a part of the trainings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", default="0/1", help="which part of how many: 0/2, 1/2")
    parser.add_argument("--folder", type=Path, default=Path("build/tables"))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--pack", action="store_true", help="write the tables, train nothing")
    asked = parser.parse_args()
    if asked.pack:
        pack(recorded(asked.folder))
        return
    part, parts = (int(text) for text in asked.part.split("/"))
    asked.folder.mkdir(parents=True, exist_ok=True)
    path = asked.folder / f"part-{part}-of-{parts}.jsonl"
    done = {json.loads(line)["key"] for line in recorded(asked.folder)}
    done |= {row["key"] for name in TABLES for row in packed(name)}
    trainers = {data: Trainer(training_data(data)) for data in SHARES}
    with path.open("a") as file:
        for number, training in enumerate(trainings(asked.rounds)):
            if number % parts != part or training.key in done:
                continue
            print(json.dumps(trained(training, trainers[training.data])), file=file, flush=True)


def recorded(folder: Path) -> list[str]:
    """Return the lines of all parts; one that was cut off is none."""
    texts = [path.read_text() for path in sorted(folder.glob("part-*.jsonl"))]
    return [line for text in texts for line in text.splitlines() if line.endswith("}")]


def training_data(data: str) -> TrainingData:
    """Return the training images of digits, or 5,000 of MNIST's; no test image."""
    whole = load_data(data, os.environ).training
    if data != "mnist":
        return whole
    share = MNIST_IMAGES / whole.examples.n
    _, kept = stratified(whole.examples.labels, share, SEED)
    part = Examples(whole.examples.inputs[kept], whole.examples.labels[kept])
    groups = None if whole.groups is None else whole.groups[kept]
    return replace(whole, examples=part, groups=groups)


def trainings(rounds: int) -> Iterator[Training]:
    """Yield what is to be trained, in its order."""
    asking = {
        (data, space): Asking(load_space(space), "random", SEED, (), print)
        for data, space, _ in ROUND
    }
    for turn in range(rounds):
        for data, space, count in ROUND:
            for order in range(turn * count, (turn + 1) * count):
                asked = asking[data, space].ask(order, order)
                assert asked is not None
                assert isinstance(asked.config, TrainConfig)
                config = asked.config
                if space == "four":
                    config = replace(config, epochs=FOUR_EPOCHS)
                if not kept(config, order):
                    continue
                for repeat in range(2 if order % AGAIN == 0 else 1):
                    yield Training(data, space, order, config, repeat)


def kept(config: TrainConfig, order: int) -> bool:
    """Draw whether a config is trained, the dearer the less likely; the baseline always is."""
    draw = np.random.default_rng(derive_seed(SEED, "kept", order)).random()
    return order == 0 or cost_of(config) < MEDIAN_COST / draw


def cost_of(config: TrainConfig) -> float:
    """Return the weights of an image of 784 pixels' network, times epochs."""
    units = (784, *config.widths, 10)
    return config.epochs * sum(a * b for a, b in pairwise(units))


def trained(training: Training, trainer: Trainer) -> dict[str, object]:
    """Train it and return what is recorded; a diverged one has the curve of its sound epochs."""
    curve: list[EpochResult] = []

    def hear(epoch: EpochResult) -> bool:
        curve.append(epoch)
        return False

    split = Split(search_split_seed(SEED), SHARES[training.data])
    result = None
    with suppress(TrainingError):  # it diverged, and its result stays None
        result = trainer.train(training.config, training.seed, split, hear).result
    return {
        "key": training.key,
        "data": training.data,
        "space": training.space,
        "order": training.order,
        "repeat": training.repeat,
        "config": training.config.as_params(),
        "accuracy": None if result is None else result.accuracy,
        "accuracies": [round(row.validation_accuracy or 0.0, 6) for row in curve],
        "losses": [round(row.validation_loss or 0.0, 6) for row in curve],
        "seconds": [round(row.seconds, 4) for row in curve],
    }


if __name__ == "__main__":
    main()
