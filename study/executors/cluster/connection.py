"""A connection to a cluster, joined or launched, and what ends it."""

import importlib
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from distributed import Client, LocalCluster
from distributed.security import Security

from search_spaces.faults import fault
from study.executors.cluster.cluster_file import Cluster, Joined, Launched, Tls
from study.executors.cluster.safety import check_address
from study.redact import redact_url

# How long a scheduler may take to answer at first, seconds.
_TIMEOUT_SECONDS = 30
_LOGGERS = ("distributed", "distributed.client", "distributed.scheduler", "bokeh", "tornado")


@dataclass(frozen=True)
class Connection:
    """A client of a cluster's scheduler, and how many workers that cluster may grow to.

    `threads` are those of the workers there were at first; `most_workers` is 0 where growing is not
    ours to ask for.
    """

    client: Client
    address: str
    threads: int
    most_workers: int


@contextmanager
def connected(cluster: Cluster, allow_insecure: bool, log: Path) -> Iterator[Connection]:
    """Yield a connection, launching the cluster if need be; both end with the context.

    What Dask has to say goes to the log. Raises FaultError where there is no scheduler, the cluster
    cannot be launched, or it is open to other machines.
    """
    with ExitStack() as stack:
        stack.enter_context(_logged(log))
        security = _security(cluster.tls)
        if isinstance(cluster, Joined):
            check_address(cluster.address, allow_insecure)
            client = stack.enter_context(_client(cluster.address, security))
            yield Connection(client, redact_url(cluster.address), _threads(client), 0)
        else:
            launched = stack.enter_context(_launched(cluster, security, allow_insecure))
            client = stack.enter_context(_client(launched, security))
            grows = cluster.maximum > cluster.minimum
            address = redact_url(str(launched.scheduler_address))
            most = cluster.maximum if grows else 0
            yield Connection(client, address, _threads(client), most)


def _threads(client: Client) -> int:
    return sum(client.nthreads().values())


def _security(tls: Tls | None) -> Security:
    if tls is None:
        return Security()  # from Dask's own configuration
    parts = {f"tls_{side}_cert": tls.cert for side in ("client", "scheduler", "worker")}
    parts |= {f"tls_{side}_key": tls.key for side in ("client", "scheduler", "worker")}
    return Security(require_encryption=True, tls_ca_file=tls.ca_file, **parts)


@contextmanager
def _client(target: Any, security: Security) -> Iterator[Client]:
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
    options = dict(cluster.options)
    encrypted = cluster.tls is not None or str(options.get("protocol", "")).startswith("tls")
    if not (encrypted or allow_insecure or make is LocalCluster):
        what = f"{cluster.class_name} would start a scheduler that is open to other machines"
        allowed = "[security], options.protocol = 'tls://', or --insecure-cluster"
        raise fault(cluster.where, what, allowed=allowed)
    if cluster.tls is not None:
        options |= {"security": security}
    try:
        launched = make(**options)
    except Exception as error:
        what = f"{cluster.class_name} could not be started: {type(error).__name__}: {error}"
        raise fault(cluster.where, redact_url(what)) from error
    with launched:
        check_address(str(launched.scheduler_address), allow_insecure)
        if cluster.maximum > cluster.minimum:
            launched.adapt(minimum=cluster.minimum, maximum=cluster.maximum)
        else:
            launched.scale(cluster.maximum)
        yield launched


def _cluster_class(cluster: Launched) -> Any:
    module, _, name = cluster.class_name.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        what = f"the class cannot be imported: {error}"
        raise fault(cluster.where, what, cluster.class_name) from error


@contextmanager
def _logged(log: Path) -> Iterator[None]:
    """Send what Dask logs to the log instead of the terminal."""
    handler = logging.FileHandler(log, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    before = {name: logging.getLogger(name).handlers[:] for name in _LOGGERS}
    for name in _LOGGERS:
        logging.getLogger(name).handlers[:] = [handler]
    try:
        yield
    finally:
        for name, handlers in before.items():
            logging.getLogger(name).handlers[:] = handlers
        handler.close()
