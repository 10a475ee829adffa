"""Requests to end this process: Ctrl-C, SIGTERM and the end of the terminal, all treated alike."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

_KINDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_STOPPED = 130
# A request does not end a sleep: so long is each part of a longer one.
_NAP_SECONDS = 0.2


class Interrupts:
    """Count the requests to end: after one, end gently; after two, at once."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Count one more request."""
        self.count += 1

    def check(self) -> None:
        """Raise KeyboardInterrupt where there was a request."""
        if self.count:
            raise KeyboardInterrupt

    def sleep(self, seconds: float) -> None:
        """Wait, but no longer than to a request; raises KeyboardInterrupt then."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.check()
            time.sleep(min(left, _NAP_SECONDS))
        self.check()


@contextmanager
def caught_interrupts() -> Iterator[Interrupts]:
    """Count the requests to end, to be looked at between events.

    In another thread than the main one there are none: signals do not reach it.
    """
    interrupts = Interrupts()
    with _answered(interrupts.add):
        yield interrupts


@contextmanager
def raised_interrupts() -> Iterator[None]:
    """Let a request to end raise KeyboardInterrupt, in the main thread."""
    with _answered(signal.default_int_handler):
        yield


def end_quietly() -> None:
    """Let a request end this process at once, with one word: it has nothing to lose."""
    for kind in _heard():
        signal.signal(kind, _end)


@contextmanager
def _answered(handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    before = {kind: signal.signal(kind, handler) for kind in _heard()}
    try:
        yield
    finally:
        for kind, own in before.items():
            signal.signal(kind, own)


def _heard() -> tuple[signal.Signals, ...]:
    if threading.current_thread() is not threading.main_thread():
        # Signals are the main thread's: whoever calls from another one answers them there.
        return ()
    # Under nohup the end of the terminal is ignored, and stays so.
    is_ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return tuple(kind for kind in _KINDS if kind is not signal.SIGHUP or not is_ignored)


def _end(_signal: int, _frame: FrameType | None) -> None:
    with suppress(OSError):
        os.write(2, b"Stopped.\n")  # sys.stderr may be at it just now
    os._exit(_STOPPED)
