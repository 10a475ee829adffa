"""What agents tell the coordinator, as the plain values that Dask's events carry."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from reports.json_values import from_json, to_json
from search_spaces.faults import fault
from study.engine.results import EpochResult
from study.executors.protocol import EpochEnded, Failed, Finished, Lost, Stopped

# How the training data came to a worker.
Came = Literal["read", "sent", "kept"]


@dataclass(frozen=True)
class Counts:
    """How often a worker has read the data from the coordinator's path, and has had it sent."""

    reads: int = 0
    receipts: int = 0


@dataclass(frozen=True)
class Ready:
    """The worker holds the data and offers so many slots."""

    slots: int
    came: Came
    counts: Counts


@dataclass(frozen=True)
class NeedsData:
    """The worker cannot read the coordinator's path: the data must be sent."""


@dataclass(frozen=True)
class Refused:
    """The worker may not take part, and why."""

    reason: str


@dataclass(frozen=True)
class TaskStarted:
    """The training process of a slot, counted from 1, began the job of this task."""

    task: str
    slot: int


@dataclass(frozen=True)
class TaskEpoch:
    """The job of this task finished an epoch."""

    task: str
    result: EpochResult


Message = Ready | NeedsData | Refused | TaskStarted | TaskEpoch

_KINDS: Mapping[str, type[Message]] = {
    kind.__name__: kind for kind in (Ready, NeedsData, Refused, TaskStarted, TaskEpoch)
}
_KIND = "kind"
_WHERE = "a message of a cluster's worker"


def encode(message: Message) -> dict[str, Any]:
    """Return a message as plain values, fit for msgpack."""
    return {_KIND: type(message).__name__, **to_json(message)}


def decode(values: Mapping[str, Any]) -> Message:
    """Return the message that `encode` made these values of, whatever Dask has added to them.

    Raises FaultError where they are no message.
    """
    kind = _KINDS.get(values.get(_KIND, ""))
    if kind is None:
        raise fault(_WHERE, "unknown kind", values.get(_KIND, ""), ", ".join(_KINDS))
    names = {field.name for field in fields(kind)}
    return from_json(kind, {name: values[name] for name in names & set(values)}, _WHERE)


@dataclass(frozen=True)
class Answer:
    """What a task returns: all epochs of its job, its end, and what its process wrote to the log.

    Epochs come a second time, so that nothing hangs on an event that got lost.
    """

    epochs: tuple[EpochEnded, ...]
    end: Finished | Failed | Stopped | Lost
    log: str
    counts: Counts
