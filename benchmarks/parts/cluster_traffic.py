"""What a trial and a worker send over the network on Dask."""

import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

from parts.comm_counts import Counts, count_at_scheduler, count_here, counts_at_scheduler
from parts.loopback_cluster import Opened, hear_until, sleeping_cluster
from parts.simulated import TEN_EPOCHS, plan_of, seconds_of

from search_spaces.read import read_space
from study.data.store import pack_training_data

# Bytes of an MNIST-like training set: 60,000 images of 28 x 28, and labels of four bytes.
MNIST_BYTES = 60_000 * (28 * 28 + 4)


def traffic(slots: int, seconds: float, rounds: int) -> None:
    """Print bytes and messages a trial, of each worker at rest, and of the data sent to one."""
    space = read_space(TEN_EPOCHS, "ten epochs")
    plan = plan_of(space, pruner="none", trials=slots * rounds, jobs=slots)
    ours = count_here()
    with sleeping_cluster(slots, seconds / 10) as opened:
        opened.client.run_on_scheduler(count_at_scheduler)
        workers = len(opened.cluster.workers)
        took, rest = clocked(opened, ours, lambda: opened.executor.events(20.0))
        show(f"at rest, a second ({workers} workers)", [one / took for one in rest])
        took_work, work = clocked(opened, ours, lambda: seconds_of(plan, space, opened.executor))
        show(
            f"a search trial of ten epochs, {slots} slots, {seconds:g} s, less what passes at rest",
            [
                (one - still * (took_work / took)) / plan.trials
                for one, still in zip(work, rest, strict=True)
            ],
        )
        if os.geteuid() == 0 and shutil.which("unshare"):
            data(opened, ours)
    weights("digits, 64-512-512-10", (64, 512, 512, 10))
    weights("MNIST, 784-512-512-10", (784, 512, 512, 10))


def clocked(
    opened: Opened, ours: Counts, act: Callable[[], object]
) -> tuple[float, tuple[Counts, Counts]]:
    """Return the seconds of an act, and what passed meanwhile at coordinator and scheduler.

    The second is of the scheduler's connections to workers: all of it less the coordinator's.
    """
    before, here, began = at_scheduler(opened), Counts(**asdict(ours)), time.perf_counter()
    act()
    took, own = time.perf_counter() - began, ours - here
    both = at_scheduler(opened) - before
    seen = Counts(
        both.sent_bytes - own.received_bytes,
        both.sent_messages - own.received_messages,
        both.received_bytes - own.sent_bytes,
        both.received_messages - own.sent_messages,
    )
    return took, (own, seen)


def at_scheduler(opened: Opened) -> Counts:
    """Return what the scheduler counted so far."""
    return Counts(**opened.client.run_on_scheduler(counts_at_scheduler))


def show(name: str, counts: Sequence[Counts]) -> None:
    """Print what passed between coordinator and scheduler, and between scheduler and workers."""
    ends = (("coordinator", "scheduler"), ("scheduler", "workers"))
    for (here, there), one in zip(ends, counts, strict=True):
        print(
            f"{name}: {here} to {there} {one.sent_bytes:,.0f} bytes in "
            f"{one.sent_messages:.1f} messages, back {one.received_bytes:,.0f} bytes in "
            f"{one.received_messages:.1f} messages",
            flush=True,
        )


def data(opened: Opened, ours: Counts) -> None:
    """Print what goes out for a worker that cannot read the coordinator's folder."""
    folder = opened.cluster.folder / "data"
    slots = opened.executor.members.slots
    hide = f'mount -t tmpfs none "{folder}" && exec "$@"'
    within = ("unshare", "--mount", "--propagation", "private", "sh", "-c", hide, "sh")

    def add() -> None:
        opened.cluster.add_worker(1, within)
        hear_until(opened.executor, slots + 1)

    _, (own, workers) = clocked(opened, ours, add)
    packed = packed_bytes(folder)
    print(
        f"a worker that joins and is sent the digits ({packed:,} bytes of files): "
        f"coordinator to scheduler {own.sent_bytes:,.0f} bytes, "
        f"scheduler to workers {workers.sent_bytes:,.0f} bytes",
        flush=True,
    )
    print(f"by calculation, MNIST-like data: {MNIST_BYTES:,} bytes a worker, over both lines")


def packed_bytes(folder: Path) -> int:
    """Return the size of what is sent."""
    return sum(len(content) for content in pack_training_data(folder).values())


def weights(name: str, widths: tuple[int, ...]) -> None:
    """Print the size of the weights that a retraining of the confirmation brings back."""
    count = sum(a * b + b for a, b in pairwise(widths))
    print(f"by calculation, weights of one retraining, {name}: {4 * count:,} bytes", flush=True)
