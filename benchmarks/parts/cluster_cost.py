"""What a trial costs the processors of coordinator, scheduler and Dask workers."""

import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import partial

import psutil
from distributed import Client
from parts.loopback_cluster import Loopback, loopback, sleeping_cluster, start, wait_until
from parts.simulated import HERE, TEN_EPOCHS, plan_of, seconds_of, sleeping_workers
from parts.workers_in_one_process import SLOT, pretend

from search_spaces.read import read_space
from search_spaces.space import Space
from study.executors.protocol import Executor

# A trial's cost is what its beginning and end cost and what its epochs do: two lengths show both.
EPOCHS = (10, 50)


@dataclass(frozen=True)
class Spent:
    """Milliseconds of processor time a trial; workers' without those of training processes."""

    coordinator: float
    scheduler: float = 0.0
    workers: float = 0.0


def cost(slots: int, seconds: float, rounds: int) -> None:
    """Print milliseconds of processor time a trial and an epoch event, on Dask beside local."""
    spent: dict[str, list[Spent]] = {"local": [], "Dask": []}
    for epochs in EPOCHS:
        space = space_of(epochs)
        with sleeping_workers(slots, seconds / epochs) as executor:
            spent["local"].append(spent_on(space, executor, slots, rounds))
        with sleeping_cluster(slots, seconds / epochs) as opened:
            cluster = opened.cluster
            spent["Dask"].append(spent_on(space, opened.executor, slots, rounds, cluster))
    for name, both in spent.items():
        for epochs, one in zip(EPOCHS, both, strict=True):
            what = (
                f"{name}, {slots} in flight, {slots * rounds} trials of {seconds:g} s, ms a trial"
            )
            print(f"{what} of {epochs} epochs: {shown(astuple(one))}", flush=True)
        short, long = (astuple(one) for one in both)
        slope = [(b - a) / (EPOCHS[1] - EPOCHS[0]) for a, b in zip(short, long, strict=True)]
        print(f"{name}, ms an epoch event: {shown(slope)}", flush=True)


def shown(values: Sequence[float]) -> str:
    """Return the values with whose they are."""
    names = ("coordinator", "scheduler", "Dask workers")
    return ", ".join(f"{name} {value:.2f}" for name, value in zip(names, values, strict=True))


def space_of(epochs: int) -> Space:
    """Return the space of simulated trials with so many epochs."""
    text = TEN_EPOCHS.replace("epochs = 10", f"epochs = {epochs}")
    return read_space(text, f"{epochs} epochs")


def spent_on(
    space: Space, executor: Executor, slots: int, rounds: int, cluster: Loopback | None = None
) -> Spent:
    """Run a study and return what it cost the processors."""
    plan = plan_of(space, pruner="none", trials=slots * rounds, jobs=slots)
    scheduler = [psutil.Process(cluster.scheduler.pid)] if cluster else []
    workers = [psutil.Process(one.pid) for one in cluster.workers] if cluster else []
    before = (time.process_time(), busy(scheduler), busy(workers))
    seconds_of(plan, space, executor)
    after = (time.process_time(), busy(scheduler), busy(workers))
    return Spent(*(1000 * (b - a) / plan.trials for a, b in zip(before, after, strict=True)))


def busy(processes: Sequence[psutil.Process]) -> float:
    """Return the seconds of processor time that the processes have used."""
    times = [process.cpu_times() for process in processes]
    return sum((one.user + one.system for one in times), 0.0)


def _has_workers(client: Client, count: int) -> bool:
    return len(client.nthreads()) == count


def scheduler(sizes: Sequence[int], tasks: int) -> None:
    """Print what trials, rest and connections cost a scheduler, by its number of workers.

    The workers are of one thread each, and their tasks only say what a trial says.
    """
    with loopback() as cluster, Client(cluster.address, set_as_default=False) as client:
        client.subscribe_topic(SLOT, str)  # a coordinator hears all that workers report
        process = psutil.Process(cluster.scheduler.pid)
        present = 0
        for size in sizes:
            command = (
                str(HERE / "workers_in_one_process.py"),
                cluster.address,
                str(size - present),
            )
            log = cluster.folder / f"many-{size}.txt"
            cluster.workers.append(start(log, (sys.executable, *command)))
            wait_until(partial(_has_workers, client, size), f"{size} workers came")
            present = size
            rest = busy([process])
            time.sleep(10)
            rest = (busy([process]) - rest) / 10
            spent = [spent_on_tasks(client, process, size, tasks) for _ in range(3)]
            print(
                f"scheduler, {size} workers: {min(spent):.2f} to {max(spent):.2f} ms of processor "
                f"time a trial of ten epochs, {100 * rest:.1f} % of a processor at rest, "
                f"{process.num_fds()} open files, {process.memory_info().rss / 2**20:.0f} MiB; "
                f"an answer is fetched in {1000 * seconds_of_fetching(client):.1f} ms on the clock",
                flush=True,
            )


def spent_on_tasks(client: Client, process: psutil.Process, size: int, tasks: int) -> float:
    """Return the scheduler's milliseconds a task; one a worker is under way at a time."""
    before, waves = busy([process]), max(1, tasks // size)
    for _ in range(waves):
        names = [f"{time.monotonic_ns()}-{i}" for i in range(size)]
        futures = [
            client.submit(pretend, name, key=name, pure=False, resources={SLOT: 1})
            for name in names
        ]
        assert sorted(client.gather(futures)) == sorted(names)
    return 1000 * (busy([process]) - before) / (waves * size)


def seconds_of_fetching(client: Client) -> float:
    """Return how long it takes to fetch an answer that is there, over the scheduler."""
    names = [f"fetched-{time.monotonic_ns()}-{i}" for i in range(50)]
    futures = [
        client.submit(pretend, name, key=name, pure=False, resources={SLOT: 1}) for name in names
    ]
    client.gather(futures)
    took = []
    for future in futures:
        began = time.perf_counter()
        future.result()
        took.append(time.perf_counter() - began)
    return statistics.median(took)
