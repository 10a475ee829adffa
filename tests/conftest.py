"""Fixtures that every part's tests may ask for, and the order in which tests run."""

import os
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
pytest_plugins = ("tests.warm_processes", "tests.blocks_here")

# Only a hang takes so long, however busy the machine is; shorter than pytest's own timeout, so that
# the test can still say what it waited for.
LIMIT_SECONDS = 600


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start what takes long first: clusters, pages and notebooks, then all other slow files.

    A file runs in one process: a long one that came last would run while the others wait.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}

    def place(item: pytest.Item) -> int:
        if item.path.parent.name == "cluster":
            return 0
        if item.path not in slow:
            return 3
        return 1 if item.path.parent == Path(__file__).parent else 2

    items.sort(key=place)


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
