"""What a struck study starts in place of Keras: classifiers by distance, real but quick.

As a program: `worker FD` trains, `network FD` classifies and writes; both speak over the pipe.
"""

import hashlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_spaces.measures import MeasureName
from study.config import TrainConfig
from study.data.split import split_data
from study.data.values import Pixels, Split, TrainingData
from study.engine.results import EpochResult, TrialResult
from study.executors.worker_loop import serve
from study.networks.tasks import NAMES, READY, Classify, SaveNetwork, Summarize, Task


@dataclass(frozen=True)
class Trained:
    result: TrialResult | None
    weights: tuple[NDArray[np.float32], ...] = ()


class Trainer:
    """Take the mean image of each class over `width` images: the more, the better."""

    def __init__(self, training: TrainingData) -> None:
        self._training = training

    def train(
        self,
        config: TrainConfig,
        seed: int,
        split: Split | None,
        on_epoch: Callable[[EpochResult], bool],
        measure: MeasureName = "accuracy",  # noqa: ARG002 the protocol's
    ) -> Trained:
        parts = split_data(self._training, split)
        classes = len(self._training.about.classes)
        for epoch in range(1, config.epochs + 1):
            size = config.width * epoch // config.epochs
            chosen = np.random.default_rng([seed, config.width]).permutation(parts.train.n)[:size]
            means = [
                parts.train.inputs[chosen][parts.train.labels[chosen] == one].sum(axis=0) / size
                for one in range(classes)
            ]
            weights = (np.array(means, np.float32),)
            accuracy = None
            if parts.validation is not None:
                found = chances(weights[0], parts.validation.inputs).argmax(axis=1)
                accuracy = float((found == parts.validation.labels).mean())
            loss = None if accuracy is None else 1 - accuracy
            if on_epoch(EpochResult(epoch, 0.5, loss, accuracy, 0.01)):
                return Trained(None)
        result = TrialResult(
            accuracy=accuracy,
            loss=loss,
            n=parts.validation.n if parts.validation else 0,
            epochs=config.epochs,
            kept_epoch=config.epochs,
            parameter_count=weights[0].size,
            seconds=0.01,
            weights_hash=hashlib.sha256(weights[0].tobytes()).hexdigest(),
            peak_bytes=1,
        )
        return Trained(result, weights)


def chances(means: NDArray[np.float32], inputs: Pixels) -> NDArray[np.float32]:
    """Return shares that fall with the angle between an image and each class's mean."""
    lengths = np.linalg.norm(means, axis=1) + 1e-9
    likeness = inputs.astype(np.float32) @ (means / lengths[:, None]).T
    powers = np.exp(likeness - likeness.max(axis=1, keepdims=True))
    shares: NDArray[np.float32] = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


def answer(task: Task) -> Any:
    match task:
        case Classify(weights=weights, inputs=inputs):
            assert isinstance(weights, tuple)
            return chances(weights[0], inputs)
        case Summarize(shape=shape):
            return f"a network of width {shape.config.width}"
        case SaveNetwork(folder=folder, weights=weights):
            (folder / NAMES["keras"]).write_bytes(weights[0].tobytes())
            return None
    raise TypeError(task)


def main() -> None:
    role, descriptor = sys.argv[1], int(sys.argv[2])
    if role == "worker":
        serve(descriptor, Trainer)
    pipe: Connection[Any, Any] = Connection(descriptor)
    pipe.send(READY)
    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return
        pipe.send(answer(task))


if __name__ == "__main__":
    main()
