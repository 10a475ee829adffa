"""A server that restarts is waited for, a bounded time."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


class LostConnectionError(Exception):
    """The connection went away, or cannot be made: whether a commit was done is not known.

    It is none of SQLAlchemy's errors, because Optuna tries again by itself on those, and would so
    write a trial twice whose commit was done and whose answer was lost.
    """


@dataclass(frozen=True)
class Reconnect:
    """How long a lost connection is tried again, and the growing pauses between, in seconds."""

    seconds: float = 60.0
    first_pause: float = 0.25
    longest_pause: float = 5.0


RECONNECT = Reconnect()


def retry(
    first: Callable[[], T], again: Callable[[], T] | None = None, reconnect: Reconnect = RECONNECT
) -> T:
    """Return what `first` gives, else what `again` gives (default: the same), tried repeatedly.

    `again` must look whether an earlier attempt was done after all. Raises the last
    LostConnectionError when reconnect is at its end.
    """
    limit = time.monotonic() + reconnect.seconds
    pause = reconnect.first_pause
    step = first
    while True:
        try:
            return step()
        except LostConnectionError:
            if time.monotonic() + pause > limit:
                raise
        time.sleep(pause)
        pause = min(2 * pause, reconnect.longest_pause)
        step = again or first
