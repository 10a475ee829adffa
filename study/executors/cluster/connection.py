"""A connection to a cluster, joined or launched, and what ends it."""

import importlib
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dask.config
from distributed import Client, SpecCluster
from distributed.security import Security

from search_spaces.faults import fault
from study.executors.cluster.certificates import check_certificates, secured
from study.executors.cluster.cluster_file import Cluster, Joined, Launched
from study.executors.cluster.job_watch import watched
from study.executors.cluster.launch_options import closed_options, http_routes
from study.executors.cluster.safety import check_address
from study.run_dir.urls import redact_url

# How long a scheduler may take to answer at first, seconds.
_TIMEOUT_SECONDS = 30
# How long a scheduler may take to answer at the end: it may be gone, seconds.
_FAREWELL_SECONDS = 5
_LOGGERS = (
    "distributed",
    "distributed.client",
    "distributed.scheduler",
    "bokeh",
    "tornado",
    "tornado.application",
    "asyncssh",
)


@dataclass(frozen=True)
class Connection:
    """A client of a cluster's scheduler, and how many workers that cluster may grow to.

    `threads` are those of the workers there were at first; `most_workers` is 0 where growing is not
    ours to ask for. `given_up` returns why no worker will come any more, None while one may.
    """

    client: Client
    address: str
    threads: int
    most_workers: int
    given_up: Callable[[], str | None] = lambda: None


@contextmanager
def connected(cluster: Cluster, allow_insecure: bool, log: Path) -> Iterator[Connection]:
    """Yield a connection, launching the cluster if need be; both end with the context.

    What Dask has to say goes to the log. Raises FaultError where there is no scheduler, the cluster
    cannot be launched, or it is open to other machines.
    """
    with ExitStack() as stack:
        stack.enter_context(_logged(log))
        security = stack.enter_context(secured(cluster.where, cluster.tls))
        if isinstance(cluster, Joined):
            check_address(cluster.address, allow_insecure)
            check_certificates(cluster, security)
            client = stack.enter_context(_client(cluster.address, security))
            yield Connection(client, redact_url(cluster.address), _threads(client), 0)
        else:
            launched = stack.enter_context(_launched(cluster, security, allow_insecure))
            given_up = stack.enter_context(watched(launched))
            # The cluster's own security: it may have made certificates by itself.
            client = stack.enter_context(_client(launched, None))
            grows = cluster.maximum > cluster.minimum
            address = redact_url(str(launched.scheduler_address))
            most = cluster.maximum if grows else 0
            yield Connection(client, address, _threads(client), most, given_up)


def _threads(client: Client) -> int:
    return sum(client.nthreads().values())


@contextmanager
def _client(target: Any, security: Security | None) -> Iterator[Client]:
    where = redact_url(target if isinstance(target, str) else str(target.scheduler_address))
    try:
        client = Client(target, security=security, timeout=_TIMEOUT_SECONDS, set_as_default=False)
    except (OSError, TypeError, ValueError) as error:
        # A missing certificate is a TypeError or a ValueError of Dask's.
        raise fault(where, f"no connection to a Dask scheduler: {error}") from error
    try:
        yield client
    finally:
        if client.status == "running":
            client.close()
        else:
            # Whoever used it has seen that the scheduler is gone, and the client may go on trying.
            with suppress(TimeoutError):
                client.close(timeout=1)


@contextmanager
def _launched(cluster: Launched, security: Security, allow_insecure: bool) -> Iterator[Any]:
    make = _cluster_class(cluster)
    options = closed_options(cluster, make, security, allow_insecure)
    if cluster.tls is not None:
        options |= {"security": security}
    with dask.config.set(http_routes(options)):
        try:
            launched = make(**options)
        except Exception as error:
            what = f"{cluster.class_name} could not be started: {type(error).__name__}: {error}"
            raise fault(cluster.where, redact_url(what)) from error
        with _ended(launched):
            check_address(str(launched.scheduler_address), allow_insecure)
            if cluster.maximum:
                _populate(launched, cluster)
            yield launched


@contextmanager
def _ended(launched: Any) -> Iterator[None]:
    """End a cluster with the context, also one whose scheduler is gone."""
    try:
        yield
    finally:
        try:
            with dask.config.set({"distributed.comm.timeouts.connect": _FAREWELL_SECONDS}):
                launched.close()
        except (OSError, AssertionError) as error:
            # Nobody to take leave of: its workers notice that by themselves. Or all is ended, and
            # Dask's last check stumbles over a job that its queue refused. Not again at exit.
            launched.shutdown_on_close = False
            logging.getLogger(__name__).warning("the cluster was not closed: %s", error)


def _populate(launched: Any, cluster: Launched) -> None:
    """Start the fewest workers a study can have, and have lost ones replaced.

    Raises FaultError where they cannot be started, as when a queue refuses their jobs.
    """
    if isinstance(launched, SpecCluster):
        try:
            launched.sync(_scaled, launched, max(1, cluster.minimum))
        except Exception as error:
            what = f"{cluster.class_name} could not start workers: {' '.join(str(error).split())}"
            raise fault(cluster.where, redact_url(what)) from error
    elif cluster.maximum == cluster.minimum:
        launched.scale(cluster.maximum)
        return
    # Also for a fixed number: without it, a job that reached its time limit would not be replaced.
    launched.adapt(minimum=cluster.minimum, maximum=cluster.maximum)


async def _scaled(launched: SpecCluster, workers: int) -> None:
    launched.scale(workers)
    await launched


def _cluster_class(cluster: Launched) -> Any:
    module, _, name = cluster.class_name.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        what = f"the class cannot be imported: {error}"
        raise fault(cluster.where, what, cluster.class_name) from error


@contextmanager
def _logged(log: Path) -> Iterator[None]:
    """Send what Dask and this package log to the log instead of the terminal."""
    # One each: Dask sets the level of handlers that it finds on its loggers.
    handlers = {name: _log_handler(log) for name in (__package__, *_LOGGERS)}
    before = {name: logging.getLogger(name).handlers[:] for name in handlers}
    for name, handler in handlers.items():
        logging.getLogger(name).handlers[:] = [handler]
    try:
        yield
    finally:
        for name, handler in handlers.items():
            logging.getLogger(name).handlers[:] = before[name]
            handler.close()


def _log_handler(log: Path) -> logging.Handler:
    handler = logging.FileHandler(log, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    return handler
