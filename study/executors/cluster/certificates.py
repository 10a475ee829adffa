"""What Dask uses for TLS: the certificates of a cluster's file, or its own configuration."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dask.config
from distributed.security import Security

from search_spaces.faults import Fault, FaultError, fault
from study.executors.cluster.cluster_file import Joined, Tls

_TLS = "distributed.comm.tls"
_SIDES = ("client", "scheduler", "worker")


@contextmanager
def secured(where: str, tls: Tls | None) -> Iterator[Security]:
    """Yield what Dask's configuration says of TLS, with these certificates while it lasts.

    They go into the configuration because that is what SSHCluster hands on to its hosts. Raises
    FaultError with every file that is missing.
    """
    settings: dict[str, Any] = {}
    if tls is not None:
        _check_files(where, tls)
        settings |= {f"{_TLS}.{side}.cert": tls.cert for side in _SIDES}
        settings |= {f"{_TLS}.{side}.key": tls.key for side in _SIDES}
        settings |= {f"{_TLS}.ca-file": tls.ca_file, "distributed.comm.require-encryption": True}
    with dask.config.set(settings):
        yield Security()


def check_certificates(cluster: Joined, security: Security) -> None:
    """Raise FaultError for an encrypted scheduler that there are no certificates for."""
    if not cluster.address.startswith("tls://"):
        return
    if security.get_connection_args("client")["ssl_context"] is None:
        allowed = f"[security] in FILE.toml, or {_TLS} in Dask's configuration"
        raise fault(cluster.where, "tls:// needs certificates", "none", allowed)


def _check_files(where: str, tls: Tls) -> None:
    paths = {"ca_file": tls.ca_file, "cert": tls.cert, "key": tls.key}
    missing = [name for name, path in paths.items() if not Path(path).is_file()]
    if missing:
        what = "there is no such file"
        raise FaultError(
            *(Fault(where, f"security.{name}: {what}", paths[name]) for name in missing)
        )
