"""What is shown is also written down in the study's log, each line with its time."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from search_spaces.faults import FaultError
from study.coordinator.callbacks import AllCallbacks
from study.machine import utc_text
from study.progress.lines import LineProgress
from study.progress.shown import Shown
from study.progress.steps import Stage, Steps
from study.run_dir.paths import RunDirectory


@contextmanager
def written_down(shown: Shown, run: RunDirectory, what: str) -> Iterator[Shown]:
    """Give what shows and writes down, from the beginning of `what` to its end, however it ends.

    No study depends on its log: where that cannot be written, this is shown once.
    """
    log = _Log(shown, run)
    lines = LineProgress(log.write)
    log.write(f"{what} begins")
    try:
        callbacks = AllCallbacks([shown.callbacks, lines])
        yield Shown(callbacks, log.say, _BothSteps(shown.steps, lines))
    except KeyboardInterrupt:
        log.write(f"{what} was interrupted")
        raise
    except FaultError as error:
        log.write(f"{what} ended with an error: {error}")
        raise
    except Exception as error:
        log.write(f"{what} ended with a bug:\n{''.join(traceback.format_exception(error))}")
        raise
    log.write(f"{what} has ended")


class _Log:
    def __init__(self, shown: Shown, run: RunDirectory) -> None:
        self._shown, self._run = shown, run
        self._is_lost = False

    def say(self, text: str) -> None:
        self._shown.say(text)
        self.write(text)

    def write(self, text: str) -> None:
        if self._is_lost:
            return
        now = utc_text()
        lines = [f"{now} {line}" for line in text.rstrip("\n").split("\n")]
        try:
            self._run.append_log("\n".join(lines))
        except FaultError as error:
            self._is_lost = True
            self._shown.say(f"{error}; the study goes on without its log")


class _BothSteps:
    """Pass on the stages of a job to what shows and to what writes down."""

    def __init__(self, *both: Steps) -> None:
        self._both = both

    def plan(self, stages: tuple[Stage, ...]) -> None:
        for one in self._both:
            one.plan(stages)

    def stage(self, name: Stage, total: int = 0) -> None:
        for one in self._both:
            one.stage(name, total)

    def step(self) -> None:
        for one in self._both:
            one.step()
