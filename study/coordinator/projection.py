"""The trials of a study as an Optuna storage shows them, under the same numbers."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reports.trial_record import TrialRecord
from search_spaces.space import Space
from study.coordinator.asked_trials import AskedTrial
from study.coordinator.frozen_trials import (
    ended_trial,
    no_trial,
    shows,
    shows_an_end,
    unended_trial,
)
from study.coordinator.storage import TrialStorage

# How long a trial that ended waits to be shown for one before it that still runs, seconds.
LONGEST_WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class _Waiting:
    record: TrialRecord
    since: float


class Projection:
    """Write trials to a storage in the order of their numbers, since Optuna numbers as they come.

    What is written here can be written again from what was asked and recorded, at any time. Trials
    that others added to the storage stay as they are; `foreign` counts those of the beginning. All
    methods raise FaultError where the storage fails.
    """

    def __init__(
        self, storage: TrialStorage, space: Space, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._storage, self._space, self._clock = storage, space, clock
        self._unwritten: deque[AskedTrial] = deque()
        self._ended: dict[int, _Waiting] = {}
        self._running: dict[int, int] = {}
        self.foreign = 0

    def catch_up(
        self, asked: Sequence[AskedTrial], recorded: Sequence[TrialRecord]
    ) -> tuple[int, ...]:
        """Write what the storage lacks of all that was asked and recorded; call it first.

        Returns the numbers of trials that ended here and are not recorded, and then writes nothing.
        """
        ended = {record.number for record in recorded}
        self._unwritten.extend(sorted(asked, key=lambda trial: trial.number))
        unrecorded = []
        for trial in self._storage.trials():
            # Ours were written in order, so that the next of them is the only one to look for.
            if not self._unwritten or not shows(trial, self._unwritten[0]):
                self.foreign += trial.user_attrs != no_trial(trial.number).user_attrs
                continue
            number = self._unwritten.popleft().number
            if not trial.state.is_finished():
                self._running[number] = trial._trial_id  # noqa: SLF001 the one id there is
            elif number in ended:
                ended.remove(number)
            elif shows_an_end(trial):
                unrecorded.append(number)
        if not unrecorded:
            self._storage.name_metric()
            for record in recorded:
                if record.number in ended:
                    self.record(record)
        return tuple(unrecorded)

    def ask(self, trial: AskedTrial) -> None:
        """Take in a trial that starts; its number is higher than those before."""
        self._unwritten.append(trial)

    def record(self, record: TrialRecord) -> None:
        """Show how a trial ended, once those before it are shown."""
        if record.number in self._running:
            trial_id = self._running.pop(record.number)
            self._storage.end(trial_id, ended_trial(record, self._space))
        elif self._unwritten and record.number >= self._unwritten[0].number:
            self._ended[record.number] = _Waiting(record, self._clock())
        # Else somebody ended it in the storage by means of Optuna, and that cannot be changed.
        while self._unwritten and (self._unwritten[0].number in self._ended or self._is_late()):
            self._write(self._unwritten.popleft())

    def write_all(self) -> None:
        """Show every trial, those that have not ended as running."""
        while self._unwritten:
            self._write(self._unwritten.popleft())

    @property
    def next_number(self) -> int:
        """Return the number that the storage will give to the next trial that is asked."""
        return self._storage.next_number + len(self._unwritten)

    def _is_late(self) -> bool:
        first = next(iter(self._ended.values()), None)
        return first is not None and self._clock() - first.since > LONGEST_WAIT_SECONDS

    def _write(self, asked: AskedTrial) -> None:
        while self._storage.next_number < asked.number:
            self._storage.create(no_trial(self._storage.next_number))
        waiting = self._ended.pop(asked.number, None)
        if waiting is not None:
            trial = ended_trial(waiting.record, self._space)
        else:
            trial = unended_trial(asked, self._space)
        if self._storage.next_number > asked.number:
            # A trial of others came in between and has our number there.
            trial.user_attrs["number"] = asked.number
        trial_id = self._storage.create(trial)
        if waiting is None:
            self._running[asked.number] = trial_id
