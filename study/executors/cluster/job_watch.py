"""Jobs of a batch system that end before their worker came: Dask waits for those for ever."""

import asyncio
import logging
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dask.config
from dask.utils import parse_timedelta
from tornado.ioloop import PeriodicCallback

# What lists the numbers of the jobs that wait or run, by the command that submits them.
_LISTINGS = {"sbatch": ("squeue", "--me", "--noheader", "--format=%A")}
_LISTING_SECONDS = 60
# So many times over jobs are submitted again although no worker came since.
_MOST_ROUNDS = 3

_LOGGER = logging.getLogger(__name__)


class JobWatch:
    """Forget jobs that ended before their worker came, so that Dask submits others.

    It asks the queue only while there are jobs without a worker, and gives up where jobs keep
    ending like that.
    """

    def __init__(self, cluster: Any, listed: Callable[[], set[str]]) -> None:
        self._cluster, self._listed = cluster, listed
        self._with_worker: set[str] = set()
        self._rounds = 0
        self._folder: str | Path = ""

    def given_up(self) -> str | None:
        """Return why no more jobs are submitted, None while they are."""
        if self._rounds < _MOST_ROUNDS:
            return None
        what = f"no job of {type(self._cluster).__name__} started a worker, {self._rounds} times"
        return f"{what} in a row; their output is in {self._folder}"

    async def look(self) -> None:
        """Compare the jobs that Dask counts on with those of the queue."""
        waiting = self._without_worker()
        if not waiting or self._rounds == _MOST_ROUNDS:
            return
        try:
            listed = await asyncio.to_thread(self._listed)
        except (OSError, subprocess.TimeoutExpired) as error:
            _LOGGER.warning("the queue did not list its jobs: %s", error)
            return
        ended = {name: job for name, job in waiting.items() if job.job_id not in listed}
        if not ended:
            return
        self._rounds += 1
        self._folder = next(iter(ended.values())).log_directory or Path.cwd()
        for name, job in ended.items():
            _LOGGER.warning("job %s ended before its worker came", job.job_id)
            # Dask submits another one for what it plans and no job stands for.
            if self._rounds < _MOST_ROUNDS and self._cluster.workers.get(name) is job:
                del self._cluster.workers[name]

    def _without_worker(self) -> dict[str, Any]:
        """Return the jobs that never had a worker, by the names of those; not those Dask ends."""
        known = [str(info["name"]) for info in self._cluster.scheduler_info["workers"].values()]
        waiting = {}
        for name, job in self._cluster.workers.items():
            # A job of several workers numbers them behind its name.
            came = any(one == name or one.startswith(f"{name}-") for one in known)
            if came and job.job_id not in self._with_worker:
                self._with_worker.add(job.job_id)
                self._rounds = 0
            if job.job_id not in self._with_worker and name in self._cluster.worker_spec:
                waiting[name] = job
        return waiting


@contextmanager
def watched(cluster: Any) -> Iterator[Callable[[], str | None]]:
    """Watch a cluster whose jobs can be listed while the context lasts.

    It looks as often as Dask's `distributed.deploy.lost-worker-timeout` says. Yields what returns
    why no worker will come any more, None while one may.
    """
    submitted_by = getattr(getattr(cluster, "job_cls", None), "submit_command", None)
    listing = _LISTINGS.get(str(submitted_by))
    if listing is None:
        yield lambda: None
        return
    watch = JobWatch(cluster, lambda: _list_jobs(listing))
    seconds = parse_timedelta(dask.config.get("distributed.deploy.lost-worker-timeout"))
    looks = PeriodicCallback(watch.look, 1000 * seconds)
    cluster.loop.add_callback(looks.start)
    try:
        yield watch.given_up
    finally:
        cluster.loop.add_callback(looks.stop)


def _list_jobs(listing: tuple[str, ...]) -> set[str]:
    answer = subprocess.run(  # noqa: S603 one of the fixed commands above
        listing, check=False, capture_output=True, text=True, timeout=_LISTING_SECONDS
    )
    if answer.returncode:
        raise OSError(answer.stderr.strip() or f"{listing[0]} ended with {answer.returncode}")
    return set(answer.stdout.split())
