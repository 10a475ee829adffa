"""The main job as a sequence of typed steps: begin, search, confirm, write down."""

import json
import os
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from reports.page import render_page
from reports.record import StudyRecord
from search_spaces.read import load_space, read_space
from search_spaces.space import Space
from search_spaces.write import write_space
from study.bundle.write import Target, write_bundle
from study.collect import collect
from study.confirmation.confirm import confirm
from study.confirmation.options import ConfirmOptions
from study.coordinator.asked import AskedFile
from study.coordinator.interrupts import Interrupts
from study.coordinator.jobs import run_jobs
from study.coordinator.search import SearchEnd, SearchTask, run_search
from study.coordinator.storage import TrialStorage, open_storage, storage_url
from study.coordinator.trial_log import TrialLog
from study.coordinator.watching import Watcher
from study.data.describe import describe
from study.data.load import LoadedData, load_data
from study.data.store import save_training_data
from study.data.values import Split
from study.database.connect import Owned
from study.executors.choose import Workers
from study.executors.protocol import Executor, Failed, Finished, Job
from study.plan import Plan, planned_storage, read_plan, write_plan
from study.progress.choose import Shown
from study.request import (
    Request,
    asked_data,
    asked_space,
    first_plan,
    next_plan,
    read_enqueued,
)
from study.run_directory import RunDirectory


@dataclass(frozen=True)
class Begun:
    """A study that is ready to search: its plan is written, its data lies ready for workers."""

    plan: Plan
    space: Space
    loaded: LoadedData
    validation_n: int


def run_stages(
    run: RunDirectory,
    request: Request,
    owned: Owned | None,
    executor: Workers,
    shown: Shown,
    interrupts: Interrupts,
) -> StudyRecord:
    """Take a study from its beginning to its answer.

    `owned` is the study's storage where it holds the lock. Raises FaultError, KeyboardInterrupt
    when stopped on the way.
    """
    begun = begin(run, replace(request, jobs=request.jobs or executor.slots), os.environ)
    executor.open_data(run.shared_data)
    storage = open_trials(run, begun.plan, request.storage, owned)
    end = search(run, begun, storage, executor, shown.watcher, interrupts)
    if end == "interrupted":
        raise KeyboardInterrupt
    if end == "timeout":
        shown.say("the time is up: the study goes on when it is run again")
    return _conclude(run, request, begun, executor, shown, interrupts)


def _conclude(
    run: RunDirectory,
    request: Request,
    begun: Begun,
    executor: Executor,
    shown: Shown,
    interrupts: Interrupts,
) -> StudyRecord:
    options = confirm_options(begun.plan, request.storage)
    if begun.plan.confirm:
        confirm(run, begun.loaded, executor, options, shown.say, interrupts)
    record = collect(run, request.storage)
    write_report(run, record)
    if any(trial.state == "complete" for trial in record.trials):
        bundle(run, record, begun, executor, interrupts)
    return record


def begin(run: RunDirectory, request: Request, environ: Mapping[str, str]) -> Begun:
    """Load space and data, check them against what there is, and write the plan.

    Raises FaultError with what is wrong with space, data, enqueued params or the plan.
    """
    old = read_plan(run) if run.exists() else None
    space = _space(run, asked_space(request, old))
    enqueued = read_enqueued(request.enqueue, space) if request.enqueue else ()
    loaded = load_data(asked_data(request, old), environ)
    fingerprint = loaded.training.about.fingerprint
    if old is None:
        plan = first_plan(request, run.name, space, fingerprint)
    else:
        plan = next_plan(request, old, space, fingerprint)
    new = tuple(params for params in enqueued if params not in plan.enqueued)
    plan = replace(plan, enqueued=plan.enqueued + new)
    data = describe(loaded, Split(plan.split_seed, plan.share))
    save_training_data(run.shared_data, loaded.training)
    if old is None:
        run.write_text(run.space, write_space(space))
        run.write_text(run.data, json.dumps(asdict(data)))
    write_plan(run, plan)
    return Begun(plan, space, loaded, data.validation_n)


def _space(run: RunDirectory, asked: str | None) -> Space:
    if asked is not None:
        return load_space(asked)
    return read_space(run.space.read_text(encoding="utf-8"), str(run.space))


def open_trials(
    run: RunDirectory, plan: Plan, asked_url: str | None, owned: Owned | None = None
) -> TrialStorage:
    """Open the study's durable storage, made if need be; raises FaultError.

    `owned` is that storage where it holds the study's lock.
    """
    url = storage_url(run, planned_storage(plan.name, plan.storage, asked_url))
    return open_storage(url, plan.name, create=True, owned=owned)


def search(
    run: RunDirectory,
    begun: Begun,
    storage: TrialStorage,
    executor: Executor,
    watcher: Watcher,
    interrupts: Interrupts,
) -> SearchEnd:
    """Bring the study up to its total and return why the search ended."""
    asked = AskedFile(run.asked, run.keep_line(run.asked))
    asked.mend()
    with closing(storage):
        task = SearchTask(begun.plan, begun.space, begun.validation_n)
        log = TrialLog(asked, storage, begun.space)
        return run_search(task, log, executor, watcher, interrupts)


def confirm_options(plan: Plan, storage: str | None) -> ConfirmOptions:
    """Return how far to go in confirming, as the plan says."""
    seeds = plan.confirm_seeds or None
    return ConfirmOptions(seeds, plan.top, margin=plan.margin, ablate=plan.ablate, storage=storage)


def write_report(run: RunDirectory, record: StudyRecord) -> None:
    """Write the report page; raises FaultError."""
    run.write_text(run.report, render_page(record))


def bundle(
    run: RunDirectory,
    record: StudyRecord,
    begun: Begun,
    executor: Executor,
    interrupts: Interrupts,
) -> None:
    """Write the best config as a bundle, trained on warm workers; raises FaultError."""

    def train(job: Job) -> Finished | Failed:
        return run_jobs(executor, [job], interrupts=interrupts)[job.job]

    now = datetime.now(UTC).isoformat(timespec="seconds")
    write_bundle(run, record, begun.loaded.training, train, Target(run.best, now))
