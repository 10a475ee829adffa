"""Bring a study of simulated trials up to many, in a process of its own, for `study_size.py`.

`python -m parts.many_trials FOLDER SAMPLER TRIALS` goes on with the study in the folder. Trials
take no time; 64 are in flight, and remain so when it ends. Prints one JSON object a line, at first,
at each thousandth trial, at the last and at the end: bytes of memory resident, and what the
coordinator spent.
"""

import json
import statistics
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
from parts.simulated import TEN_EPOCHS, EnoughError, Instant, opened_log, plan_of

from reports.trial_record import TrialRecord
from search_spaces.measures import MeasureName
from search_spaces.read import read_space
from study.coordinator.callbacks import NoCallbacks
from study.coordinator.interrupts import Interrupts
from study.coordinator.search import SearchTask, run_search

# How many trials and epoch events, the latest, a figure is of.
LATEST = 100


class Checkpoints(NoCallbacks):
    """Print figures as the study grows; raise EnoughError at the last trial.

    More would follow: a trial costs what recording it and suggesting another cost.
    """

    def __init__(self, executor: Instant, trials: int) -> None:
        self._executor, self._trials = executor, trials
        self._recorded = 0

    def began(
        self,
        recorded: tuple[TrialRecord, ...],
        trials: int,
        jobs: int,
        measure: MeasureName,  # noqa: ARG002 the protocol's
    ) -> None:
        """Note what is there already."""
        del trials, jobs
        self._recorded = len(recorded)

    def recorded(self, record: TrialRecord) -> None:
        """Print at each thousandth trial and the last."""
        del record
        self._recorded += 1
        if self._recorded % 1000 == 0 or self._recorded == self._trials:
            show(trials=self._recorded, **latest(self._executor))
        if self._recorded == self._trials:
            raise EnoughError


def main(folder: str, sampler: str, trials: str) -> None:
    """Run the study."""
    space = read_space(TEN_EPOCHS, "ten epochs")
    executor = Instant(64, time.process_time)
    total = int(trials) + executor.slots
    plan = plan_of(space, sampler=sampler, pruner="median", trials=total, jobs=64)
    show(trials=0)
    began, busy = time.perf_counter(), time.process_time()
    with opened_log(Path(folder), plan, space) as log:
        callbacks = Checkpoints(executor, int(trials))
        with suppress(EnoughError):
            run_search(SearchTask(plan, space, 100, 100), log, executor, callbacks, Interrupts())
    assert executor.first_start is not None
    opening = executor.first_start - busy
    show(opening_seconds=opening, seconds=time.perf_counter() - began)


def latest(executor: Instant) -> dict[str, float]:
    """Return what the latest trials cost, in milliseconds of the processor's time."""
    ends, epochs = executor.spent["Finished"][-LATEST:], executor.spent["EpochEnded"][-LATEST:]
    if not ends:
        return {}
    return {
        "trial_ms": 1000 * statistics.median(ends),
        "epoch_ms": 1000 * statistics.mean(epochs),
    }


def show(**figures: float) -> None:
    """Print figures, with the memory that this process holds."""
    memory = psutil.Process().memory_info().rss
    print(json.dumps({**figures, "memory_bytes": memory}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
