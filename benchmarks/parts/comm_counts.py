"""Count what a process sends and receives through Dask's connections.

Bytes are counted where Tornado hands them to the operating system and takes them from it (below
Dask, before TLS); messages where Dask writes one to a connection or reads one, which may hold
several of its operations.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any

from distributed import Scheduler
from distributed.comm.tcp import TCP
from tornado.iostream import IOStream

_PLACE = "benchmark-counts"


@dataclass
class Counts:
    """What went out of a process and came into it."""

    sent_bytes: float = 0
    sent_messages: float = 0
    received_bytes: float = 0
    received_messages: float = 0

    def __sub__(self, other: "Counts") -> "Counts":
        values = asdict(other)
        return Counts(**{name: value - values[name] for name, value in asdict(self).items()})

    def __mul__(self, factor: float) -> "Counts":
        return Counts(**{name: value * factor for name, value in asdict(self).items()})

    def __truediv__(self, divisor: float) -> "Counts":
        return self * (1 / divisor)


def count_here() -> Counts:
    """Count in this process from now on, into what is returned."""
    counts = Counts()
    to_system: Callable[..., int] = IOStream.write_to_fd
    from_system: Callable[..., int | None] = IOStream.read_from_fd
    write: Callable[..., Awaitable[int]] = TCP.write
    read: Callable[..., Awaitable[Any]] = TCP.read

    def counted_to_system(stream: IOStream, data: memoryview) -> int:
        sent = to_system(stream, data)
        counts.sent_bytes += sent
        return sent

    def counted_from_system(stream: IOStream, buffer: bytearray | memoryview) -> int | None:
        received = from_system(stream, buffer)
        counts.received_bytes += received or 0
        return received

    async def counted_write(comm: TCP, *arguments: Any, **options: Any) -> int:
        size = await write(comm, *arguments, **options)
        counts.sent_messages += 1
        return size

    async def counted_read(comm: TCP, *arguments: Any, **options: Any) -> Any:
        message = await read(comm, *arguments, **options)
        counts.received_messages += 1
        return message

    for owner, name, counted in (
        (IOStream, "write_to_fd", counted_to_system),
        (IOStream, "read_from_fd", counted_from_system),
        (TCP, "write", counted_write),
        (TCP, "read", counted_read),
    ):
        setattr(owner, name, counted)
    return counts


def count_at_scheduler(dask_scheduler: Scheduler) -> None:
    """Count at the scheduler from now on; for Dask's `run_on_scheduler`."""
    dask_scheduler.extensions[_PLACE] = count_here()


def counts_at_scheduler(dask_scheduler: Scheduler) -> dict[str, float]:
    """Return what the scheduler counted so far; for Dask's `run_on_scheduler`."""
    return asdict(dask_scheduler.extensions[_PLACE])
