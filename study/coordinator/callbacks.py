"""What a search reports while it runs."""

from collections.abc import Sequence
from typing import Protocol

from reports.trial_record import TrialRecord
from search_spaces.measures import MeasureName
from study.coordinator.asked_trials import AskedTrial
from study.engine.results import EpochResult


class SearchCallbacks(Protocol):
    """Show a search to someone; nothing here may slow it down or stop it."""

    def began(
        self, recorded: tuple[TrialRecord, ...], trials: int, jobs: int, measure: MeasureName
    ) -> None:
        """A search begins or continues: trials recorded already, the total asked for, workers.

        `measure` is what the study tunes.
        """

    def started(self, trial: AskedTrial, worker: str) -> None:
        """A worker began a trial."""

    def epoch_ended(self, trial: AskedTrial, result: EpochResult) -> None:
        """A trial finished an epoch."""

    def recorded(self, record: TrialRecord) -> None:
        """A trial ended and is recorded."""

    def noted(self, text: str) -> None:
        """Something happened that the user should know."""


class NoCallbacks:
    """Show nothing."""

    def began(
        self, recorded: tuple[TrialRecord, ...], trials: int, jobs: int, measure: MeasureName
    ) -> None:
        """Show nothing."""

    def started(self, trial: AskedTrial, worker: str) -> None:
        """Show nothing."""

    def epoch_ended(self, trial: AskedTrial, result: EpochResult) -> None:
        """Show nothing."""

    def recorded(self, record: TrialRecord) -> None:
        """Show nothing."""

    def noted(self, text: str) -> None:
        """Show nothing."""


class AllCallbacks:
    """Pass on what a search reports to several, in their order."""

    def __init__(self, callbacks: Sequence[SearchCallbacks]) -> None:
        self._callbacks = callbacks

    def began(
        self, recorded: tuple[TrialRecord, ...], trials: int, jobs: int, measure: MeasureName
    ) -> None:
        """Pass it on."""
        for one in self._callbacks:
            one.began(recorded, trials, jobs, measure)

    def started(self, trial: AskedTrial, worker: str) -> None:
        """Pass it on."""
        for one in self._callbacks:
            one.started(trial, worker)

    def epoch_ended(self, trial: AskedTrial, result: EpochResult) -> None:
        """Pass it on."""
        for one in self._callbacks:
            one.epoch_ended(trial, result)

    def recorded(self, record: TrialRecord) -> None:
        """Pass it on."""
        for one in self._callbacks:
            one.recorded(record)

    def noted(self, text: str) -> None:
        """Pass it on."""
        for one in self._callbacks:
            one.noted(text)
