"""Fixtures that every part's tests may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine must not fail a property: how long an example takes is no property of the code.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")


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
