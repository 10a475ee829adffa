"""Choose how progress is shown: live on a terminal, as lines elsewhere, not at all if quiet."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console

from study.coordinator.callbacks import SearchCallbacks
from study.progress.lines import LineProgress
from study.progress.live import LiveProgress


@dataclass(frozen=True)
class Shown:
    """Where a search is watched, and where other steps write their lines."""

    callbacks: SearchCallbacks
    say: Callable[[str], None]


@contextmanager
def shown_progress(console: Console, quiet: bool) -> Iterator[Shown]:
    """Show progress on a console until the context ends."""
    if quiet:
        yield Shown(LineProgress(lambda _: None), lambda _: None)
    elif console.is_terminal:
        with LiveProgress(console) as live:
            yield Shown(live, live.write)
    else:

        def write(text: str) -> None:
            console.print(text, markup=False, highlight=False, soft_wrap=True)

        yield Shown(LineProgress(write), write)
