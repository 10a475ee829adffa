"""Training processes that a test has stopped."""

from collections.abc import Iterable
from contextlib import suppress

import psutil


def let_go(held: Iterable[psutil.Process]) -> None:
    """Let stopped processes go on; one whose parent has ended meanwhile ended with it."""
    for one in held:
        with suppress(psutil.NoSuchProcess):
            one.resume()
