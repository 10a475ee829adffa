"""Choose how progress is shown: live on a terminal, as lines elsewhere, not at all if quiet."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console

from study.coordinator.callbacks import NoCallbacks, SearchCallbacks
from study.progress.lines import LineProgress
from study.progress.live import LiveProgress
from study.progress.steps import NoSteps, Steps


@dataclass(frozen=True)
class Shown:
    """Where a search is watched, where other steps write their lines, and the job is followed."""

    callbacks: SearchCallbacks
    say: Callable[[str], None]
    steps: Steps


SILENT = Shown(NoCallbacks(), lambda _: None, NoSteps())


@contextmanager
def shown_progress(console: Console, quiet: bool) -> Iterator[Shown]:
    """Show progress on a console until the context ends."""
    if quiet:
        yield SILENT
    elif console.is_terminal:
        with LiveProgress(console) as live:
            yield Shown(live, live.write, live)
    else:

        def write(text: str) -> None:
            console.print(text, markup=False, highlight=False, soft_wrap=True)

        lines = LineProgress(write)
        yield Shown(lines, write, lines)
