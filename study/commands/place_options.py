"""The options that say where to train, handed over as one Place."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from study.executors.choose import Place

_CLUSTER = click.option(
    "--cluster",
    metavar="ADDRESS|FILE.toml",
    help="Train on a Dask cluster: its scheduler's address, or a file that names it.",
)
_INSECURE_CLUSTER = click.option(
    "--insecure-cluster",
    is_flag=True,
    help="Allow a cluster without TLS that other machines can reach: they can run code on it.",
)


def place(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options and give the command its argument `place`."""

    @wraps(command)
    def placed(*, cluster: str | None, insecure_cluster: bool, **others: Any) -> int:
        return command(place=Place(cluster, insecure_cluster), **others)

    return _CLUSTER(_INSECURE_CLUSTER(placed))
