"""Progress as plain lines: one for each recorded trial."""

from collections.abc import Callable

from reports.fold_words import rows_of
from reports.measure_words import value_words
from reports.numbers import duration, percent, plural
from reports.trial_record import TrialRecord
from reports.trials import epoch_value, reached
from search_spaces.measures import MEASURES, MeasureName
from study.coordinator.asked_trials import AskedTrial
from study.engine.results import EpochResult
from study.progress.status import SearchStatus
from study.progress.steps import JobStatus, Stage


class LineProgress:
    """Write a line for each stage and each recorded trial, and the notes."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._status: SearchStatus | None = None
        self._job = JobStatus()

    def plan(self, stages: tuple[Stage, ...]) -> None:
        """Write nothing."""
        self._job.plan(stages)

    def stage(self, name: Stage, total: int = 0) -> None:
        """Write which stage begins, and of how many steps it is."""
        if self._job.stage(name, total):
            steps = f", {plural(total, 'training')}" if total else ""
            self._write(f"{self._job.heading()}{steps}")

    def step(self) -> None:
        """Write nothing."""

    def began(
        self, recorded: tuple[TrialRecord, ...], trials: int, jobs: int, measure: MeasureName
    ) -> None:
        """Say what is to do."""
        self._status = SearchStatus(recorded, trials, jobs, measure)
        self._write(self._status.opening())

    def started(self, trial: AskedTrial, worker: str) -> None:
        """Write nothing."""

    def epoch_ended(self, trial: AskedTrial, result: EpochResult) -> None:
        """Write nothing."""

    def recorded(self, record: TrialRecord) -> None:
        """Write what became of the trial, the best so far and the time left."""
        assert self._status is not None  # noqa: S101 `began` comes first
        self._status.add(record)
        left = self._status.seconds_left()
        end = "" if left is None else f", about {duration(left)} left"
        self._write(
            f"[{self._status.counted}] {trial_line(record, self._status.measure)}; "
            f"{self._status.best_line()}{end}"
        )

    def noted(self, text: str) -> None:
        """Write the note."""
        self._write(text)


def trial_line(record: TrialRecord, measure: MeasureName) -> str:
    """Return what a trial tried and what became of it."""
    params = ", ".join(f"{name} {_short(value)}" for name, value in record.params.items())
    said: list[str] = [] if record.origin == "search" else [record.origin]
    if record.retry_of is not None:
        said.append(f"retry of {record.retry_of}")
    origin = f" ({', '.join(said)})" if said else ""
    return f"trial {record.number}{origin}: {params}: {outcome(record, measure)}"


def outcome(record: TrialRecord, measure: MeasureName) -> str:
    """Return a trial's state in words, with its value of the measure where it has one."""
    rows = rows_of(record)
    match record.state:
        case "complete" if measure == "accuracy":
            return f"{percent(record.accuracy or 0.0)} ({record.split}, {rows})"
        case "complete":
            value = value_words(measure, reached(record))
            return (
                f"{MEASURES[measure].title} {value}, accuracy {percent(record.accuracy)} "
                f"({record.split}, {rows})"
            )
        case "pruned" if record.curve:
            last = epoch_value(record.curve[-1]) or 0.0
            return f"pruned after epoch {len(record.curve)} at {value_words(measure, last)}"
        case "failed":
            return f"{'lost' if record.lost else 'failed'}: {record.reason}"
        case _:
            return record.state


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
