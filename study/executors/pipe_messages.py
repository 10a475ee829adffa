"""What the local executor and its workers say to each other beside jobs and events."""

from dataclasses import dataclass

from study.executors.own_network import OwnNetwork


@dataclass(frozen=True)
class OpenData:
    """To a worker: map the training data of this folder into memory.

    `network` is what trains on it, None for the engine.
    """

    folder: str
    network: OwnNetwork | None = None


@dataclass(frozen=True)
class StopJob:
    """To a worker: end this job after its running epoch."""

    job: int


@dataclass(frozen=True)
class Ready:
    """From a worker: it has started and holds the data."""


@dataclass(frozen=True)
class Memory:
    """From a worker, just before its job's end: it holds this many bytes of memory."""

    held_bytes: int


@dataclass(frozen=True)
class Broken:
    """From a worker: a job met a bug; the reason in words, the traceback for the log."""

    job: int
    reason: str
    traceback: str = ""
