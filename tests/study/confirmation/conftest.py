"""A small study with real storage, whose trainings and networks are made up but lawful."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from search_spaces.faults import FaultError
from search_spaces.measures import MeasureName
from study.config import TrainConfig
from study.coordinator.callbacks import NoCallbacks
from study.coordinator.interrupts import Interrupts
from study.data.load import LoadedData
from study.data.store import save_training_data
from study.data.values import Split
from study.engine.results import EpochResult, TrainingError, TrialResult
from study.executors.in_process import InProcessExecutor
from study.networks.tasks import Classify, Summarize
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import find_plan
from study.workflows.request import Request
from study.workflows.stages import begin, open_trials, search

Law = Callable[[TrainConfig], float]

SPACE = """
name = "made-up"
about = "Widths for a law that says how accurate each is"

[parameters.width]
type = "int"
low = 1
high = 64

[parameters.patience]
type = "int"
low = 0
high = 1

[fixed]
depth = 1
epochs = 6

[baseline]
width = 8
patience = 0
depth = 1
epochs = 6

[baseline.published]
accuracy = 0.9
data = "made-up"
split = "test"
n = 400
runs = 1
source = "a test"
"""


@dataclass(frozen=True)
class MadeUp:
    """One made-up training's answer."""

    result: TrialResult
    weights: tuple[NDArray[np.float32], ...]


@dataclass
class LawfulTrainer:
    """Answer what a law says of a config, with seed noise; count and list what was trained."""

    law: Law
    trained: list[tuple[TrainConfig, int, Split | None]] = field(default_factory=list)

    def train(
        self,
        config: TrainConfig,
        seed: int,
        split: Split | None,
        on_epoch: Callable[[EpochResult], bool],
        measure: MeasureName = "accuracy",  # noqa: ARG002 the protocol's
    ) -> MadeUp:
        self.trained.append((config, seed, split))
        true = self.law(config)
        if true < 0:
            raise TrainingError("loss is not finite")
        rng = np.random.default_rng([seed, config.width, split.seed if split else 0])
        accuracy = float(np.clip(true + 0.004 * rng.standard_normal(), 0, 1))
        on_epoch(EpochResult(1, 0.5, 0.5, accuracy, 0.1))
        weights = (np.array([accuracy, seed % 65536, config.width], np.float32),)
        result = TrialResult(
            accuracy=accuracy if split else None,
            loss=0.5 if split else None,
            n=100 if split else 0,
            epochs=config.epochs,
            kept_epoch=4 if config.patience else config.epochs,
            parameter_count=3,
            seconds=0.1,
            weights_hash=hashlib.sha256(weights[0].tobytes()).hexdigest(),
            peak_bytes=1,
        )
        return MadeUp(result, weights)


@contextmanager
def made_up_ask() -> Iterator[Callable[[Classify | Summarize], object]]:
    """Classify as well as the weights say they can."""

    def answer(task: Classify | Summarize) -> object:
        if isinstance(task, Summarize):
            return f"a network of width {task.shape.config.width}"
        accuracy, seed, width = task.weights[0].tolist()
        rng = np.random.default_rng([int(seed), int(width)])
        labels = np.arange(len(task.inputs)) % 2  # those of `data_path`
        correct = rng.random(len(labels)) < accuracy
        classes = np.where(correct, labels, 1 - labels)
        return np.eye(2, dtype=np.float32)[classes]

    yield answer


@dataclass
class Made:
    """A searched study and what it takes to confirm it."""

    run: RunDirectory
    loaded: LoadedData
    trainer: LawfulTrainer

    @property
    def executor(self) -> InProcessExecutor:
        return InProcessExecutor(self.trainer)


@pytest.fixture(scope="session")
def data_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(0)
    arrays = {
        "x_train": rng.integers(0, 255, (240, 3, 3), dtype=np.uint8),
        "y_train": np.arange(240) % 2,
        "x_test": rng.integers(0, 255, (400, 3, 3), dtype=np.uint8),
        "y_test": np.arange(400) % 2,
    }
    path = tmp_path_factory.mktemp("data") / "made-up.npz"
    np.savez(path, **arrays)
    return path


@pytest.fixture(scope="session")
def searched(
    tmp_path_factory: pytest.TempPathFactory, data_path: Path
) -> Callable[[Law, str, int], tuple[Path, LoadedData]]:
    """Search once a law, space and number of trials; tests work on copies."""
    done: dict[tuple[Law, str, int], tuple[Path, LoadedData]] = {}

    def search_once(law: Law, space: str, trials: int) -> tuple[Path, LoadedData]:
        key = law, space, trials
        if key not in done:
            done[key] = _search(tmp_path_factory.mktemp("search"), data_path, key)
        return done[key]

    return search_once


def _search(folder: Path, data_path: Path, asked: tuple[Law, str, int]) -> tuple[Path, LoadedData]:
    law, space, trials = asked
    (folder / "space.toml").write_text(space)
    run = RunDirectory(folder / "made")
    run.create()
    given = {
        "space": str(folder / "space.toml"),
        "data": str(data_path),
        "trials": trials,
        "folds": 1,
        "pruner": "none",
        "sampler": "random",
    }
    request = Request(given, jobs=1)
    begun = begin(run, find_plan(run), request, {}, partial(save_training_data, run.shared_data))
    storage = open_trials(run, begun.plan, None)
    executor = InProcessExecutor(LawfulTrainer(law))
    search(run, begun, storage, executor, NoCallbacks(), Interrupts())
    return run.root, begun.loaded


@pytest.fixture
def make(
    tmp_path: Path, searched: Callable[[Law, str, int], tuple[Path, LoadedData]]
) -> Callable[..., Made]:
    """Search a space with a law that gives each config's accuracy."""

    def build(law: Law, space: str = SPACE, trials: int = 8) -> Made:
        root, loaded = searched(law, space, trials)
        shutil.copytree(root, tmp_path / "runs" / "made")
        return Made(RunDirectory(tmp_path / "runs" / "made"), loaded, LawfulTrainer(law))

    return build


@pytest.fixture
def ask() -> Callable[..., object]:
    return made_up_ask


@pytest.fixture
def space_text() -> str:
    return SPACE


@pytest.fixture
def faults() -> Callable[[Callable[[], object]], str]:
    """Return the message of the FaultError that a call raises."""

    def message(call: Callable[[], object]) -> str:
        with pytest.raises(FaultError) as caught:
            call()
        return str(caught.value)

    return message
