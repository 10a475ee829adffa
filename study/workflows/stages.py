"""The main job as a sequence of typed steps: begin, search, confirm, write down."""

import json
import os
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

from reports.data_record import DataRecord
from reports.json_values import to_json
from reports.numbers import plural
from reports.page import render_page
from reports.record import StudyRecord
from reports.trials import scored
from search_spaces.active import full_params
from search_spaces.read import load_space, read_space
from search_spaces.space import Space
from search_spaces.write import write_space
from study.budget.search_budget import NoLimit, SearchLimit
from study.bundle.write import Target, write_bundle
from study.confirmation.conclude import confirm
from study.confirmation.requirements import check_test_size
from study.coordinator.callbacks import SearchCallbacks
from study.coordinator.early_end import least_trials
from study.coordinator.interrupts import Interrupts
from study.coordinator.jobs import run_jobs
from study.coordinator.running_trial import search_split
from study.coordinator.search import SearchEnd, SearchTask, run_search
from study.coordinator.storage import TrialStorage, open_storage
from study.coordinator.trial_log import TrialLog
from study.data.describe import describe
from study.data.download import say_nothing
from study.data.load import LoadedData, load_data
from study.data.suitable import check_space
from study.data.values import TrainingData
from study.database.connect import OwnedStorage
from study.database.reconnect import RECONNECT, Reconnect
from study.executors.protocol import Executor, Failed, Finished, Job
from study.machine import CLOCKS, Clocks, utc_text
from study.progress.shown import Shown
from study.progress.steps import stages_of_job
from study.record.collect import collect
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import Plan, check_is_dense, storage_url, write_plan
from study.run_dir.stop_when import DONE
from study.run_dir.urls import is_postgres
from study.workflows.budgeted import Course, course_of
from study.workflows.folding import new_plan, said_of_folds
from study.workflows.kept_space import kept_space
from study.workflows.own_networks import check_own_networks, check_own_trials
from study.workflows.plans import next_plan
from study.workflows.request import (
    Request,
    asked_data,
    asked_data_options,
    asked_space,
    read_enqueued,
)
from study.workflows.workers import Workplace


@dataclass(frozen=True)
class Beginning:
    """A study that can begin or go on: its plan, its space and data, and what the data is."""

    plan: Plan
    space: Space
    loaded: LoadedData
    data: DataRecord


def run_stages(workplace: Workplace, request: Request, shown: Shown) -> StudyRecord:
    """Take a study from its beginning to its answer.

    Raises FaultError, KeyboardInterrupt when stopped on the way.
    """
    run, executor = workplace.run, workplace.executor
    workplace.interrupts.check()
    request = replace(request, jobs=request.jobs or executor.slots, gpus=workplace.gpus)
    if request.network is None and workplace.plan is not None:
        check_is_dense(workplace.plan)
    open_data = partial(_open_data, workplace, request)
    beginning = begin(run, workplace.plan, request, os.environ, open_data, shown.say)
    workplace.interrupts.check()
    plan = beginning.plan
    shown.steps.plan(stages_of_job(confirm=plan.confirm, ablate=plan.ablate))
    storage = open_trials(run, plan, request.storage, workplace.owned, workplace.reconnect)
    shown.steps.stage("search")
    about = beginning.space, beginning.loaded.training
    with course_of(run, plan, about, executor, request.asked_at, shown.say) as course:
        callbacks, interrupts = shown.callbacks, workplace.interrupts
        end = search(run, beginning, storage, executor, callbacks, interrupts, course.limit)
        if end == "interrupted":
            raise KeyboardInterrupt
        if request.network is not None:
            check_own_trials(collect(run, plan, request.storage))
        if end == "timeout":
            shown.say("the timeout is reached: resume continues the study")
        course.searched()
        return _conclude(workplace, request, beginning, shown, course)


def _open_data(workplace: Workplace, request: Request, training: TrainingData) -> None:
    """Hand the data to the workers; first see that a user's own networks can be built for it."""
    if request.network is not None and request.own_space is not None:
        space = request.own_space
        asked = [space.baseline.params, *(full_params(space, one) for one in request.candidates)]
        check_own_networks(workplace.open_ask, asked, training.about)
    workplace.open_data(training)


def _conclude(
    workplace: Workplace, request: Request, beginning: Beginning, shown: Shown, course: Course
) -> StudyRecord:
    run, plan = workplace.run, course.plan()
    if plan.confirm:
        confirm(
            run,
            plan,
            beginning.loaded,
            workplace.executor,
            plan.confirm_options(request.storage),
            shown,
            workplace.interrupts,
            workplace.open_ask,
            course.pace(),
        )
    workplace.interrupts.check()
    shown.steps.stage("report")
    course.noted()
    record = collect(run, course.plan(), request.storage)
    run.write_text(run.report, render_page(record))
    workplace.interrupts.check()
    if scored(record) and plan.network == "dense":
        shown.steps.stage("bundle")
        _bundle(workplace, record, beginning)
    return record


def begin(
    run: RunDirectory,
    old: Plan | None,
    request: Request,
    environ: Mapping[str, str],
    open_data: Callable[[TrainingData], None],
    say: Callable[[str], None] = say_nothing,
) -> Beginning:
    """Load space and data, check them against what there is, open the data and write the plan.

    `old` is the plan of a study that goes on; `open_data` hands the data to the workers. `say` is
    given warnings about the data. Raises FaultError with what is wrong with space, data, enqueued
    params or the plan.
    """
    space = request.own_space or _space(run, asked_space(request, old))
    enqueued = read_enqueued(request.enqueue, space) if request.enqueue else ()
    asked = asked_data(request, old), asked_data_options(request, old)
    loaded = load_data(asked[0], environ, say, asked[1])
    check_space(space, loaded.training.about)
    fingerprint, weight = loaded.training.about.fingerprint, loaded.training.about.weight
    if weight:
        # A saved table says it itself.
        request = replace(request, given={**request.given, "weight": weight})
    if old is None:
        plan = new_plan(request, run.name, space, loaded.training)
    else:
        plan = next_plan(request, old, space, fingerprint)
    new = tuple(params for params in enqueued if params not in plan.enqueued)
    plan = replace(plan, enqueued=plan.enqueued + new)
    if old is not None and plan.stop_when != old.stop_when and "stop_when" not in request.given:
        total = plural(plan.trials, "trial")
        say(f"--stop-when {old.stop_when} holds no more, since {total} were asked for")
    if plan.stop_when == DONE and plan.trials <= least_trials(space):
        say(f"--stop-when done is asked after {least_trials(space)} trials first: it ends nothing")
    if plan.confirm:
        check_test_size(loaded)
    kept = kept_space(space, asked, loaded.training.about.name, loaded.test.test_n)
    beginning = Beginning(plan, kept, loaded, describe(loaded, search_split(plan)))
    open_data(loaded.training)
    if old is None and request.storage and not is_postgres(request.storage):
        # A plan is kept for good: one with a mistyped URL would refuse the right one ever after.
        open_trials(run, plan, request.storage).close()
    _write(run, beginning, is_new=old is None)
    if old is None and plan.folds > 1:
        say(said_of_folds(plan.folds, loaded.training, is_asked="folds" in request.given))
    return beginning


def _space(run: RunDirectory, asked: str | None) -> Space:
    if asked is not None:
        return load_space(asked)
    return read_space(run.read_text(run.space), str(run.space))


def _write(run: RunDirectory, beginning: Beginning, *, is_new: bool) -> None:
    """Write what the study is about, and last its plan, with which there is a study."""
    if is_new:
        run.write_text(run.space, write_space(beginning.space))
        run.write_text(run.data, json.dumps(to_json(beginning.data)))
    write_plan(run, beginning.plan)


def open_trials(
    run: RunDirectory,
    plan: Plan,
    asked_url: str | None,
    owned: OwnedStorage | None = None,
    reconnect: Reconnect = RECONNECT,
) -> TrialStorage:
    """Open the Optuna storage that shows the study, made if need be; raises FaultError.

    `owned` is that storage where it holds the study's lock, `reconnect` how else it is waited for.
    """
    url = storage_url(run, plan, asked_url)
    return open_storage(url, plan.name, True, owned, reconnect, plan.scored_by)


def search(
    run: RunDirectory,
    beginning: Beginning,
    storage: TrialStorage,
    executor: Executor,
    callbacks: SearchCallbacks,
    interrupts: Interrupts,
    limit: SearchLimit | None = None,
    clocks: Clocks = CLOCKS,
) -> SearchEnd:
    """Bring the study up to its total, or its limit of time, and return why the search ended."""
    with closing(storage):
        data, space = beginning.data, beginning.space
        sizes = data.validation_n, data.test_n
        task = SearchTask(beginning.plan, space, *sizes, limit or NoLimit())
        log = TrialLog(run, storage, space)
        return run_search(task, log, executor, callbacks, interrupts, clocks)


def _bundle(workplace: Workplace, record: StudyRecord, beginning: Beginning) -> None:
    """Write the best config as a bundle, trained on warm workers; raises FaultError."""
    run = workplace.run

    def train(job: Job) -> Finished | Failed:
        return run_jobs(workplace.executor, [job], interrupts=workplace.interrupts)[job.job]

    now = utc_text()
    training = beginning.loaded.training
    target = Target(run.best, now)
    write_bundle(run, beginning.plan, record, training, train, target, workplace.open_ask)
