"""Ctrl-C and SIGTERM as something to look at between events, not an exception anywhere."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupts:
    """Count the requests to stop: after one, end gently; after two, at once."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Count one more request."""
        self.count += 1


@contextmanager
def caught_interrupts() -> Iterator[Interrupts]:
    """Count SIGINT, SIGTERM and SIGHUP instead of dying of them; call from the main thread."""
    interrupts = Interrupts()
    kinds = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {kind: signal.signal(kind, interrupts.add) for kind in kinds}
    try:
        yield interrupts
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
