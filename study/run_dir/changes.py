"""Write a study's page again and again while the study runs."""

import time
from collections.abc import Callable
from functools import partial

from study.run_dir.lock import is_held
from study.run_dir.paths import RunDirectory

# Returns what a study looks like from outside, None where no process is running it.
Look = Callable[[], object | None]


def watch(
    run: RunDirectory, write: Callable[[int], None], every: int, look: Look | None = None
) -> None:
    """Call `write(every)` at each change until the study's process has ended, then `write(0)`.

    `every` is in seconds; the last call also comes when this function is interrupted. `look` is
    for a study that may run on another machine.
    """
    look = look or partial(_look, run)
    seen: object = None
    try:
        while (now := look()) is not None:
            if now != seen:
                write(every)
                seen = now
            time.sleep(every)
    finally:
        # The page must not go on reloading itself when nothing writes it any more.
        write(0)


def is_running(run: RunDirectory) -> bool:
    """Tell whether a process is running the study: its lock is asked, not the number in it."""
    return is_held(run)


def _look(run: RunDirectory) -> object | None:
    return _state(run) if is_running(run) else None


def _state(run: RunDirectory) -> tuple[tuple[str, int, int], ...]:
    found = (run.asked, run.trials, run.retrainings, run.confirmation)
    return tuple(
        (path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in found if path.exists()
    )
