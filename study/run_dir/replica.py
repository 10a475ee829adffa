"""Where else than in the run directory a study's files are kept."""

from collections.abc import Callable
from typing import Protocol

Keep = Callable[[bytes], None]


class Replica(Protocol):
    """Keep what a study needs to go on elsewhere, before the run directory has it.

    So a run directory never holds what its replica has not; both raise FaultError.
    """

    def text(self, name: str, content: bytes) -> None:
        """Keep a whole file in place of what was kept of it."""

    def line(self, name: str, *lines: bytes) -> None:
        """Keep the next line of a list, or the next lines, all or none; line ends come along."""


class _NoReplica:
    def text(self, name: str, content: bytes) -> None:
        """Keep it nowhere else."""

    def line(self, name: str, *lines: bytes) -> None:
        """Keep it nowhere else."""


NO_REPLICA: Replica = _NoReplica()


def kept_nowhere_else(_line: bytes) -> None:
    """Keep a line nowhere else."""
