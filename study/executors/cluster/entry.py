"""Open a cluster by what the user gave: the one way in from outside this package."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from study.executors.cluster.cluster_file import read_cluster
from study.executors.cluster.connection import connected
from study.executors.cluster.executor import ClusterExecutor


@contextmanager
def opened_cluster(
    asked: str, allow_insecure: bool, jobs: int, log: Path, say: Callable[[str], None]
) -> Iterator[ClusterExecutor]:
    """Yield an executor on a cluster and take leave of it with the context; raises FaultError.

    `asked` is the scheduler's address or a TOML file. Up to `jobs` jobs are placed at once, with 0
    as many as there is room for.
    """
    cluster = read_cluster(asked)
    with (
        connected(cluster, allow_insecure, log) as connection,
        closing(ClusterExecutor(connection, jobs, log, say)) as executor,
    ):
        yield executor
