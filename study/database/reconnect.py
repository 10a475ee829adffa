"""A database that cannot be had just now is waited for, a bounded time."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
# Without a handler of its own a warning goes to standard error, also past a live display.
_LOG = logging.getLogger(__name__)


class LostConnectionError(Exception):
    """The connection went away, or cannot be made: whether a commit was done is not known.

    It is none of SQLAlchemy's errors, because Optuna tries again by itself on those, and would so
    write a trial twice whose commit was done and whose answer was lost.
    """


class LockedError(Exception):
    """Another program holds the database, and nothing was done. None of SQLAlchemy's, likewise."""


@dataclass(frozen=True)
class Reconnect:
    """How long a database is tried again, and the growing pauses between, in seconds.

    `pause` waits so many seconds; it may raise where the user has enough of it.
    """

    seconds: float = 60.0
    first_pause: float = 0.25
    longest_pause: float = 5.0
    pause: Callable[[float], None] = time.sleep


RECONNECT = Reconnect()


def retry(
    first: Callable[[], T],
    again: Callable[[], T] | None = None,
    reconnect: Reconnect = RECONNECT,
    *,
    where: str,
    while_locked_alone: bool = False,
) -> T:
    """Return what `first` gives, else what `again` gives (default: the same), tried repeatedly.

    `again` must look whether an attempt whose connection was lost was done after all; with
    `while_locked_alone` nothing is tried again after that. Says once on standard error that
    `where`, a URL without its secrets, is waited for. Raises the last LostConnectionError or
    LockedError when reconnect is at its end, and what its pause raises.
    """
    limit = time.monotonic() + reconnect.seconds
    pause = reconnect.first_pause
    step = first
    is_said = False
    while True:
        try:
            return step()
        except (LostConnectionError, LockedError) as error:
            is_lost = isinstance(error, LostConnectionError)
            if (is_lost and while_locked_alone) or time.monotonic() + pause > limit:
                raise
            if not is_said:
                what = "the connection is lost" if is_lost else "another program has it locked"
                _LOG.warning("%s: %s; waiting up to %g s", where, what, reconnect.seconds)
                is_said = True
            step = (again or first) if is_lost else step
        reconnect.pause(pause)
        pause = min(2 * pause, reconnect.longest_pause)
