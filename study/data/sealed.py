"""The test split as a value that shows its size, what it is known by, and nothing else."""

from collections.abc import Callable
from typing import NoReturn

from reports.opening import TestIdentity
from study.data.values import Examples


class SealedTest:
    """Stand for a test split; `study.vault.open_test` alone can open it.

    It holds no arrays, only a way to read them again from their source, so neither a copy, nor a
    pickle, nor a look at its attributes can give them away; copying and pickling are refused.
    """

    __slots__ = ("_fingerprint", "_read", "_split_fingerprint", "_test_n")

    def __init__(
        self,
        test_n: int,
        fingerprint: str,
        read: Callable[[], Examples],
        split_fingerprint: str | None = None,
    ) -> None:
        self._test_n = test_n
        self._fingerprint = fingerprint
        self._read = read
        self._split_fingerprint = split_fingerprint

    @property
    def test_n(self) -> int:
        """Return the number of test images."""
        return self._test_n

    @property
    def identity(self) -> TestIdentity:
        """Return what the split is known by wherever it is opened."""
        return TestIdentity(self._fingerprint, self._split_fingerprint)

    def __repr__(self) -> str:
        return f"SealedTest({self._test_n} images)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a sealed test split is neither copied nor pickled")
