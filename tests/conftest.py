"""Fixtures that every part's tests may ask for, and the order in which tests run."""

import os
import re
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A busy machine must not fail a property: how long an example takes is no property of the code.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("calm"), max_examples=20)
settings.load_profile("calm")

# As many test processes as cores, each with children: more threads would wait for one another, and
# they wait by spinning. Read when numpy is imported, here and in child processes.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
pytest_plugins = ("tests.warm_processes", "tests.blocks_here", "tests.processor_times")

# Only a hang takes so long, however busy the machine is; shorter than pytest's own timeout, so that
# the test can still say what it waited for.
LIMIT_SECONDS = 600
# Files of minutes, beside those that stand directly in this folder.
LONG = ("test_browser.py", "test_selection.py", "test_script_training.py")
ALL_SLOW = re.compile(
    r"^pytestmark = (pytest\.mark\.slow|\[pytest\.mark\.slow|IN_A_BROWSER)", re.MULTILINE
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave a file unread whose tests are all slow where slow ones are left out."""
    if "not slow" not in config.option.markexpr or collection_path.suffix != ".py":
        return None
    return True if ALL_SLOW.search(collection_path.read_text("utf-8")) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start what takes long first: pages and notebooks, then all other slow files.

    A file runs in one process: a long one that came last would run while the others wait. Files
    whose tests mostly wait, for clusters and databases, come one after two of the others.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}

    def place(path: Path) -> int:
        if path not in slow:
            return 2
        return 0 if path.parent == Path(__file__).parent or path.name in LONG else 1

    files = list(dict.fromkeys(item.path for item in items))
    waiting = [path for path in files if path in slow and is_waiting(path)]
    others = sorted((path for path in files if path not in waiting), key=place)
    order = []
    while waiting or others:
        order += [*waiting[:1], *others[:2]]
        waiting, others = waiting[1:], others[2:]
    places = {path: number for number, path in enumerate(order)}
    items.sort(key=lambda item: places[item.path])


def is_waiting(path: Path) -> bool:
    """Tell whether most of a file's time is spent on waiting for others."""
    return path.parent.name == "cluster" or path.name == "test_postgres.py"


_STATES = count()


@contextmanager
def _own_state(factory: pytest.TempPathFactory) -> Iterator[None]:
    """Name a state folder that nobody else has; child processes have it too."""
    folder = factory.getbasetemp() / "states" / str(next(_STATES))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        patch.delenv("DENSE_STUDY_USER_LEDGER", raising=False)
        yield


@pytest.fixture(autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's own ledger out of tests, and each test's openings out of the others."""
    with _own_state(tmp_path_factory):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Do the same for what a fixture of several tests does, which begins before any of them."""
    if fixturedef.scope == "function" or fixturedef.argname == "tmp_path_factory":
        return (yield)
    with _own_state(request.getfixturevalue("tmp_path_factory")):
        return (yield)


@pytest.fixture(scope="session")
def wait_until() -> Callable[..., None]:
    """Return what waits for a state: `wait_until(holds, said)`; `said()` goes into the failure."""

    def wait(holds: Callable[[], object], said: Callable[[], object] = str) -> None:
        limit = time.monotonic() + LIMIT_SECONDS
        while not holds():
            assert time.monotonic() < limit, f"it did not come to hold\n{said()}"
            time.sleep(0.05)

    return wait


@pytest.fixture(scope="session")
def mnist_path() -> Path:
    """The real MNIST file; a test that asks for it is skipped where it is absent."""
    folder = os.environ.get("DENSE_STUDY_DATA")
    if not folder:
        pytest.skip("DENSE_STUDY_DATA names no folder with mnist.npz")
    path = Path(folder) / "mnist.npz"
    if not path.is_file():
        pytest.skip(f"{path} is absent")
    return path
