"""The main job, from a request to an answer: search, confirmation, report, bundle."""

import shlex
from contextlib import ExitStack

from rich.console import Console

from reports.record import StudyRecord
from reports.summary import render_summary
from study.coordinator.interrupts import caught_interrupts
from study.lock import locked
from study.opening import fresh_or_whole, workers
from study.plan import database_url
from study.progress.choose import shown_progress
from study.redact import redact_url
from study.request import Request
from study.run_directory import RunDirectory

_WIDTH = 100


def run_study(run: RunDirectory, request: Request, console: Console, quiet: bool) -> StudyRecord:
    """Do the whole job; raises FaultError, KeyboardInterrupt when stopped on the way.

    Workers are warm from the first trial to the bundle, and end with this function.
    """
    with ExitStack() as stack:
        stack.enter_context(fresh_or_whole(run))
        stack.enter_context(locked(run))
        if database_url(run, request.storage) is not None:
            # Here alone, since it needs what a database needs, and that takes long to import.
            from study.held import held  # noqa: PLC0415

            at = stack.enter_context(held(run, request.storage))
            run, owned = at.run, at.owned
        else:
            owned = None
        interrupts = stack.enter_context(caught_interrupts())
        shown = stack.enter_context(shown_progress(console, quiet))
        executor = stack.enter_context(workers(run, request.place, request.jobs, shown.say))
        # What the stages need takes a second to import: workers import TensorFlow meanwhile.
        from study.pipeline import run_stages  # noqa: PLC0415

        return run_stages(run, request, owned, executor, shown, interrupts)


def tell(run: RunDirectory, record: StudyRecord, console: Console, quiet: bool) -> None:
    """Print the answer, and where everything lies."""
    width = min(_WIDTH, console.width) if console.is_terminal else 80
    console.out(render_summary(record, width), highlight=False, end="")
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
