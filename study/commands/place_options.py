"""The options that say where to train, handed over as one Place."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from study.executors.choose import Place
from study.executors.gpus import DEVICES, Device

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


_DEVICE = click.option(
    "--device",
    type=click.Choice(DEVICES),
    default="cpu",
    show_default=True,
    help="Train on the processor, which repeats to the bit, or on GPUs; auto: GPUs if there are.",
)


def place(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options and give the command its argument `place`."""

    @wraps(command)
    def placed(
        *, cluster: str | None, insecure_cluster: bool, device: Device, **others: Any
    ) -> int:
        if cluster is not None and device != "cpu":
            raise click.UsageError(
                "--device and --cluster exclude each other: a cluster's workers "
                "train on their processors"
            )
        return command(place=Place(cluster, insecure_cluster, device), **others)

    return _CLUSTER(_INSECURE_CLUSTER(_DEVICE(placed)))
