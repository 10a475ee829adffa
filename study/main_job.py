"""The main job, from a request to an answer: search, confirmation, report, bundle."""

import os
import shlex
from contextlib import ExitStack
from dataclasses import dataclass, replace

from rich.console import Console

from reports.record import StudyRecord
from reports.summary import render_summary
from study.collect import collect
from study.confirmation.confirm import confirm
from study.coordinator.interrupts import Interrupts, caught_interrupts
from study.executors.protocol import Executor
from study.held import Held, held
from study.lock import locked
from study.pipeline import (
    Begun,
    begin,
    bundle,
    confirm_options,
    fresh_or_whole,
    open_trials,
    search,
    workers,
    write_report,
)
from study.progress.choose import Shown, shown_progress
from study.redact import redact_url
from study.request import Request
from study.run_directory import RunDirectory

_WIDTH = 100


@dataclass(frozen=True)
class Done:
    """A study that went all the way."""

    record: StudyRecord


def run_study(run: RunDirectory, request: Request, console: Console, quiet: bool) -> Done:
    """Do the whole job; raises FaultError, KeyboardInterrupt when stopped on the way.

    Workers are warm from the first trial to the bundle, and end with this function.
    """
    with ExitStack() as stack:
        stack.enter_context(fresh_or_whole(run))
        stack.enter_context(locked(run))
        at = stack.enter_context(held(run, request.storage))
        run = at.run
        interrupts = stack.enter_context(caught_interrupts())
        shown = stack.enter_context(shown_progress(console, quiet))
        executor = stack.enter_context(workers(run, request.place, request.jobs, shown.say))
        begun = begin(run, replace(request, jobs=request.jobs or executor.slots), os.environ)
        executor.open_data(run.shared_data)
        _search(at, request, begun, executor, shown, interrupts)
        return _conclude(run, request, begun, executor, shown, interrupts)


def _search(
    at: Held,
    request: Request,
    begun: Begun,
    executor: Executor,
    shown: Shown,
    interrupts: Interrupts,
) -> None:
    storage = open_trials(at.run, begun.plan, request.storage, at.owned)
    end = search(at.run, begun, storage, executor, shown.watcher, interrupts)
    if end == "interrupted":
        raise KeyboardInterrupt
    if end == "timeout":
        shown.say("the time is up: the study goes on when it is run again")


def _conclude(
    run: RunDirectory,
    request: Request,
    begun: Begun,
    executor: Executor,
    shown: Shown,
    interrupts: Interrupts,
) -> Done:
    options = confirm_options(begun.plan, request.storage)
    if begun.plan.confirm:
        confirm(run, begun.loaded, executor, options, shown.say, interrupts)
    record = collect(run, request.storage)
    write_report(run, record)
    if any(trial.state == "complete" for trial in record.trials):
        bundle(run, record, begun, executor, interrupts)
    return Done(record)


def tell(run: RunDirectory, done: Done, console: Console, quiet: bool) -> None:
    """Print the answer, and where everything lies."""
    width = min(_WIDTH, console.width) if console.is_terminal else 80
    console.out(render_summary(done.record, width), highlight=False, end="")
    if not quiet:
        console.out(f"\nreport  {run.report}\nbundle  {run.best}", highlight=False)


def how_to_go_on(run: RunDirectory, request: Request) -> str:
    """Return the command that continues a study where it was; a password is not in it."""
    words = ["dense-study", "resume", run.name]
    if request.place.cluster is not None:
        words += ["--cluster", request.place.cluster]
        words += ["--insecure-cluster"] if request.place.allow_insecure else []
    if request.storage and redact_url(request.storage) != request.storage:
        words += ["--storage", request.storage]
    if str(run.root.parent) != "runs":
        words += ["--runs-dir", str(run.root.parent)]
    command = redact_url(shlex.join(words))
    return f"Stopped; all that was told is kept. To go on: {command}"
