"""The training processes of one Dask worker: one for each job at a time, warm from job to job."""

import itertools
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from study.executors.local import LocalExecutor


@dataclass(frozen=True)
class Slot:
    """One training process, behind an executor, and the log of what it writes; counted from 1."""

    number: int
    executor: LocalExecutor
    log: Path


class Slots:
    """Lend slots to the worker's threads, each to one thread at a time."""

    def __init__(self, log_folder: Path, command: Sequence[str]) -> None:
        self._log_folder = log_folder
        self._command = tuple(command)
        self._lock = threading.Lock()
        self._numbers: set[int] = set()
        self._idle: list[tuple[float, Slot]] = []
        self._closed = False

    @property
    def closed(self) -> bool:
        """Tell whether the worker is to train no more."""
        return self._closed

    def take(self, folder: Path) -> Slot:
        """Return a slot for one job, warm if there is one, on the data of this folder."""
        with self._lock:
            if self._idle:
                return self._idle.pop()[1]
            number = next(i for i in itertools.count(1) if i not in self._numbers)
            self._numbers.add(number)
        log = self._log_folder / f"dense-study-{number}.log"
        executor = LocalExecutor(1, log, command=self._command)
        executor.open_data(folder)
        return Slot(number, executor, log)

    def give_back(self, slot: Slot) -> None:
        """Take a slot back whose job has ended."""
        with self._lock:
            if not self._closed:
                self._idle.append((time.monotonic(), slot))
                return
        self.discard(slot)

    def discard(self, slot: Slot) -> None:
        """End a slot's process."""
        slot.executor.close()
        with self._lock:
            self._numbers.discard(slot.number)

    def close_idle(self, seconds: float) -> None:
        """End the processes that had nothing to do for so long."""
        limit = time.monotonic() - seconds
        with self._lock:
            old = [slot for since, slot in self._idle if since <= limit]
            self._idle = [entry for entry in self._idle if entry[0] > limit]
        for slot in old:
            self.discard(slot)

    def close(self) -> None:
        """End the idle processes, and those lent out as soon as they come back."""
        self._closed = True
        self.close_idle(0.0)
