"""Progress as a display that stays in place: stage, workers with their epochs, time left."""

import math

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from reports.measure_words import value_words
from reports.numbers import duration
from reports.trial_record import TrialRecord
from reports.trials import epoch_value
from search_spaces.measures import MeasureName
from study.coordinator.asked_trials import AskedTrial
from study.coordinator.running_trial import epoch_record
from study.engine.results import EpochResult
from study.progress.lines import trial_line
from study.progress.status import SearchStatus
from study.progress.steps import JobStatus, Stage

# So many workers are shown one by one; of more, only these.
_ROWS = 16
_STYLES = {"complete": "", "pruned": "dim", "failed": "red"}


class LiveProgress:
    """Keep a display below the lines that are written meanwhile; use as a context manager."""

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, transient=True, refresh_per_second=5)
        self._status: SearchStatus | None = None
        self._job = JobStatus()
        self._stage_line = StageLine(self._job)
        self._running: dict[str, tuple[AskedTrial, EpochResult | None]] = {}
        self._workers: dict[int, str] = {}

    def __enter__(self) -> "LiveProgress":
        self._live.__enter__()
        self._show(at_once=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._live.update(Text())
        self._live.__exit__(None, None, None)

    def write(self, text: str) -> None:
        """Write a line above the display."""
        self._live.console.print(Text(text))

    def plan(self, stages: tuple[Stage, ...]) -> None:
        """Show which stage of how many it is from now on."""
        self._job.plan(stages)
        self._show(at_once=True)

    def stage(self, name: Stage, total: int = 0) -> None:
        """Show the stage, and its steps where it has some."""
        self._show(at_once=self._job.stage(name, total))

    def step(self) -> None:
        """Move the stage's bar on."""
        self._job.step()
        self._show()

    def began(
        self, recorded: tuple[TrialRecord, ...], trials: int, jobs: int, measure: MeasureName
    ) -> None:
        """Say what is to do."""
        self._status = SearchStatus(recorded, trials, jobs, measure)
        self.write(self._status.opening())
        self._show()

    def started(self, trial: AskedTrial, worker: str) -> None:
        """Show the trial beside its worker."""
        self._workers[trial.number] = worker
        self._running[worker] = (trial, None)
        self._show()

    def epoch_ended(self, trial: AskedTrial, result: EpochResult) -> None:
        """Move the trial's bar on."""
        self._running[self._workers[trial.number]] = (trial, result)
        self._show()

    def recorded(self, record: TrialRecord) -> None:
        """Write the trial's line and bring the status up to date."""
        assert self._status is not None  # noqa: S101 `began` comes first
        self._status.add(record)
        self._running.pop(self._workers.pop(record.number, ""), None)
        line = trial_line(record, self._status.measure)
        self._live.console.print(Text(line, style=_STYLES.get(record.state, "")))
        self._show()

    def noted(self, text: str) -> None:
        """Write the note."""
        self.write(text)

    def _show(self, *, at_once: bool = False) -> None:
        parts: list[RenderableType] = [self._stage_line]
        if self._status is not None and self._job.name == "search":
            parts.append(display(self._status, self._running))
        self._live.update(Group(*parts), refresh=at_once)


class StageLine:
    """The line of the stage, drawn anew at each refresh: while it moves, the job is at work."""

    def __init__(self, job: JobStatus) -> None:
        self._job = job
        self._spinner = Spinner("line")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw a sign that turns, the stage, and its steps with a bar or the time it has taken."""
        job, now = self._job, console.get_time()
        line = Table.grid(padding=(0, 1))
        cells: list[RenderableType] = [self._spinner.render(now), Text(job.heading(), style="bold")]
        if job.total:
            bar = ProgressBar(total=job.total, completed=job.done, width=20)
            cells += [bar, Text(job.steps_words())]
        else:
            cells.append(Text(f"({duration(job.seconds)})", style="dim"))
        line.add_row(*cells)
        yield line


def display(
    status: SearchStatus, running: dict[str, tuple[AskedTrial, EpochResult | None]]
) -> Group:
    """Draw a search's status, with a line for each worker that is training."""
    left = status.seconds_left()
    of = f" of {status.trials}" if status.has_total else ""
    words = [
        f"{status.ended}{of} trials",
        *(f"{count} {state}" for state, count in status.counts.items() if count),
        *([f"about {duration(left)} left"] if left is not None else []),
    ]
    table = Table.grid(padding=(0, 2))
    for worker in sorted(running, key=lambda name: (len(name), name))[:_ROWS]:
        trial, latest = running[worker]
        done = latest.epoch if latest else 0
        value = epoch_value(epoch_record(latest)) if latest else None
        table.add_row(
            Text(worker, style="cyan"),
            Text(f"trial {trial.number}"),
            ProgressBar(total=trial.config.epochs or None, completed=done, width=20),
            Text(f"epoch {done}/{trial.config.epochs or '?'}"),
            Text("" if value is None or math.isnan(value) else value_words(status.measure, value)),
        )
    whole = Table.grid(padding=(0, 2))
    best = Text(status.best_line(), style="bold")
    bar = ProgressBar(total=status.trials, completed=status.ended, width=30)
    whole.add_row(*((bar, best) if status.has_total else (best,)))
    return Group(Text(", ".join(words)), whole, table)
