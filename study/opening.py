"""Open what a study works with: its run directory and its workers."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from study.executors.choose import Place, Workers, opened_workers
from study.machine import cores
from study.plan import read_plan
from study.run_directory import RunDirectory


@contextmanager
def fresh_or_whole(run: RunDirectory) -> Iterator[None]:
    """Make the run directory; take it away again where the study never came to have a plan."""
    parent = run.root.parent
    fresh, parent_fresh = not run.root.exists(), not parent.exists()
    run.create()
    try:
        yield
    finally:
        if fresh and not run.exists():
            shutil.rmtree(run.root, ignore_errors=True)
            if parent_fresh and not any(parent.iterdir()):
                parent.rmdir()


@contextmanager
def workers(
    run: RunDirectory, place: Place, jobs: int | None, say: Callable[[str], None]
) -> Iterator[Workers]:
    """Start the workers, so that they import what they need while the study begins.

    Without `jobs` there are as many as the study had, or as the machine has cores; on a cluster as
    many as it has room for. They end with the context, and what only they needed is taken away.
    Raises FaultError.
    """
    if jobs is None and place.cluster is None:
        jobs = read_plan(run).jobs if run.exists() else cores()
    try:
        with opened_workers(place, jobs or 0, run.log, say) as opened:
            yield opened
    finally:
        shutil.rmtree(run.shared_data, ignore_errors=True)
