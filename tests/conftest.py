"""Fixtures that every part's tests may ask for."""

import os
from pathlib import Path

import pytest


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
