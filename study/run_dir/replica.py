"""Where else than in the run directory a study's files are kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from study.run_dir.noted_opening import NotedOpening

Keep = Callable[[bytes], None]


class Replica(Protocol):
    """Keep what a study needs to go on elsewhere, before the run directory has it.

    So a run directory never holds what its replica has not; both raise FaultError.
    """

    def text(self, name: str, content: bytes) -> None:
        """Keep a whole file in place of what was kept of it."""

    def line(self, name: str, *lines: bytes) -> None:
        """Keep the next line of a list, or the next lines, all or none; line ends come along."""

    def openings(self) -> Sequence[NotedOpening]:
        """Return the openings of test splits by every study that is kept there, or once was."""


@dataclass(frozen=True)
class NoReplica:
    """Keep nothing elsewhere; `noted` are the openings that a database is known to have."""

    noted: tuple[NotedOpening, ...] = ()

    def text(self, name: str, content: bytes) -> None:
        """Keep it nowhere else."""

    def line(self, name: str, *lines: bytes) -> None:
        """Keep it nowhere else."""

    def openings(self) -> Sequence[NotedOpening]:
        """Return what is known."""
        return self.noted


NO_REPLICA: Replica = NoReplica()


def kept_nowhere_else(_line: bytes) -> None:
    """Keep a line nowhere else."""
