"""Options of a cluster to launch, checked and closed: nothing of it is open to others unasked."""

import inspect
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import dask.config
from distributed import LocalCluster
from distributed.security import Security

from search_spaces.faults import fault, shown
from study.executors.cluster.cluster_file import Launched
from study.executors.cluster.safety import is_loopback

# What a scheduler needs for a dashboard that is off: its HTTP server listens all the same.
_OFF = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
_LOOPBACK = "127.0.0.1:8787"
_ROUTES = "distributed.scheduler.http.routes"
# Pages that pass on what they are asked to workers, changes too, whoever asks.
_PROXY = "distributed.http.proxy"


def closed_options(
    cluster: Launched, make: Any, security: Security, allow_insecure: bool
) -> dict[str, Any]:
    """Return the options to launch with: without a dashboard where none was asked for.

    Raises FaultError where the scheduler or a dashboard would be open to other machines.
    """
    options = dict(cluster.options)
    is_local = inspect.isclass(make) and issubclass(make, LocalCluster)
    if not (allow_insecure or _is_closed(options, security, is_local)):
        what = f"{cluster.class_name} would start a scheduler that is open to other machines"
        allowed = "[security], options.security = true, or --insecure-cluster"
        raise fault(cluster.where, what, allowed=allowed)
    if not allow_insecure:
        _check_dashboards(options, cluster.where)
    if is_local:
        return _without_dashboard(options, "scheduler_kwargs")
    if "scheduler_options" in inspect.signature(make).parameters:
        return _without_dashboard(options, "scheduler_options")
    return options


def http_routes(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the setting of which pages a scheduler with closed options serves: maybe none."""
    routes = dask.config.get(_ROUTES, [])
    shows = any(one.get("dashboard", True) for one in _of_schedulers(options))
    return {_ROUTES: [one for one in routes if one != _PROXY] if shows else []}


def _is_closed(options: Mapping[str, Any], security: Security, is_local: bool) -> bool:
    """Tell whether a scheduler with these options encrypts, or listens to this machine alone."""
    scheduler = dict(options)
    for one in _of_schedulers(options):
        scheduler |= one
    encrypted = security.require_encryption or str(scheduler.get("protocol", "")).startswith("tls")
    # With `security = true` Dask makes certificates for this cluster alone.
    if encrypted or options.get("security") is True:
        return True
    host = scheduler.get("host") or scheduler.get("ip")
    if not host:
        return is_local and scheduler.get("interface") in {None, "", "lo"}
    return is_loopback(_host_of(str(host)))


def _check_dashboards(options: Mapping[str, Any], where: str) -> None:
    tables = {"": options}
    tables |= {f"{name}.": value for name, value in options.items() if isinstance(value, Mapping)}
    for place, table in tables.items():
        for name in ("dashboard_address", "worker_dashboard_address"):
            address = table.get(name)
            several = address if isinstance(address, list) else [address]
            if address is not None and not all(is_loopback(_host_of(str(one))) for one in several):
                what = f"options.{place}{name}: the dashboard would be open to other machines"
                raise fault(where, what, shown(address), f'"{_LOOPBACK}", or --insecure-cluster')


def _without_dashboard(options: dict[str, Any], of_scheduler: str) -> dict[str, Any]:
    given = dict(options.get(of_scheduler) or {})
    if options.get("dashboard_address") is not None or "dashboard_address" in given:
        return options
    if given.get("dashboard"):
        return options | {of_scheduler: given | {"dashboard_address": _LOOPBACK}}
    return options | {of_scheduler: given | _OFF}


def _of_schedulers(options: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    named = (options.get(name) for name in ("scheduler_options", "scheduler_kwargs"))
    return [one for one in named if isinstance(one, Mapping)] or [{}]


def _host_of(address: str) -> str:
    _, _, rest = address.rpartition("://")
    try:
        return urlsplit(f"//{rest}").hostname or ""
    except ValueError:
        return ""
