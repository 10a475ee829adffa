"""Who may be talked to: whoever reaches an open Dask scheduler can run any code on its workers."""

import ipaddress
from urllib.parse import urlsplit

from search_spaces.faults import fault
from study.run_dir.urls import redact_url

# The ways of Dask's that encrypt and check certificates, and the one that leaves no process.
_SAFE_SCHEMES = ("tls", "wss", "inproc")


def check_address(address: str, allow_insecure: bool) -> None:
    """Raise FaultError for an address without TLS that other machines can reach."""
    parts = urlsplit(address)
    if allow_insecure or parts.scheme in _SAFE_SCHEMES or is_loopback(parts.hostname or ""):
        return
    what = "the cluster is neither encrypted nor on this machine alone"
    allowed = "tls://HOST:PORT, a loopback address, or --insecure-cluster"
    raise fault("--cluster", what, redact_url(address), allowed)


def is_loopback(host: str) -> bool:
    """Tell whether only processes of this machine can reach what listens on a host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # a name: where it leads today says nothing of tomorrow
