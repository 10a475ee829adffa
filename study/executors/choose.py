"""Choose where jobs run: in worker processes of this machine, or on a cluster."""

import importlib
import importlib.util
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from search_spaces.faults import fault
from study.executors.gpus import Device, Gpu
from study.executors.local import LocalExecutor
from study.executors.own_network import OwnNetwork
from study.executors.protocol import Executor


@dataclass(frozen=True)
class Place:
    """Where to train: `cluster` is an address or a TOML file, None for this machine.

    `device` is what trains there; the workers of a cluster have processors alone.
    """

    cluster: str | None = None
    allow_insecure: bool = False
    device: Device = "cpu"

    @property
    def is_elastic(self) -> bool:
        """Tell whether workers come and go, so that nobody can say how many there are."""
        return self.cluster is not None

    def as_options(self) -> list[str]:
        """Return the words of a command line that name this place."""
        if self.cluster is None:
            return ["--device", self.device] if self.device != "cpu" else []
        return ["--cluster", self.cluster, *(["--insecure-cluster"] * self.allow_insecure)]


THIS_MACHINE = Place()


class Workers(Executor, Protocol):
    """An executor whose workers are handed the training data as a folder."""

    def open_data(self, folder: Path) -> None:
        """Let every worker, also later ones, have the training data of this folder."""


@contextmanager
def opened_workers(
    place: Place,
    jobs: int,
    log: Path,
    say: Callable[[str], None],
    command: Sequence[str] = (),
    network: OwnNetwork | None = None,
    gpus: Sequence[Gpu] = (),
) -> Iterator[Workers]:
    """Yield workers for `jobs` jobs at once, and end them with the context.

    `command` starts one on this machine, () one of ours; `network` is what a user's own function
    builds, and `gpus` are what they train on, for workers of this machine. On a cluster 0 jobs mean
    as many as it has room for. Raises FaultError where there is no such cluster.
    """
    if place.cluster is None:
        local = LocalExecutor(jobs, log, command=command, network=network, gpus=gpus)
        with closing(local):
            yield local
        return
    if importlib.util.find_spec("distributed") is None:
        what = "Dask is not installed"
        raise fault("--cluster", what, allowed="pip install 'dense-study[cluster]'")
    # Only here, since Dask is an extra.
    opening = importlib.import_module("study.executors.cluster.entry")
    with opening.opened_cluster(place.cluster, place.allow_insecure, jobs, log, say) as cluster:
        yield cluster
