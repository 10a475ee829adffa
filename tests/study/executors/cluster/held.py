"""Training processes that a test has stopped."""

from collections.abc import Iterable
from contextlib import suppress

import psutil


def let_go(held: Iterable[psutil.Process]) -> None:
    """Let stopped processes go on; one whose parent has ended meanwhile ended with it."""
    for one in held:
        with suppress(psutil.NoSuchProcess):
            one.resume()


def have_ended(held: Iterable[psutil.Process]) -> bool:
    """Tell whether none of these processes is there any more, but perhaps as a zombie."""

    def is_there(one: psutil.Process) -> bool:
        with suppress(psutil.NoSuchProcess):
            return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
        return False

    return not any(map(is_there, held))
