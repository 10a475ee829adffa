"""Many Dask workers of one thread in one process, and tasks that say as much as a trial does.

`python workers_in_one_process.py ADDRESS COUNT` joins the scheduler and serves until it is ended.
There are no training processes, so that a thousand workers fit on a small machine: what they cost
the scheduler is what `cluster_limits.py` measures.
"""

import asyncio
import sys

import dask
from distributed import Worker, get_worker

from study.engine.results import EpochResult
from study.executors.cluster.messages import TaskEpoch, TaskStarted, encode

# As in the product: what a task asks for, and what each worker has as many of as threads.
SLOT = "dense-study-slot"
EPOCHS = 10


async def serve(address: str, count: int) -> None:
    """Run the workers."""
    for _ in range(count):
        await Worker(
            address,
            nthreads=1,
            resources={SLOT: 1},
            dashboard=False,
            memory_limit=0,
            validate=False,
        )
    await asyncio.Event().wait()


def pretend(task: str) -> str:
    """Tell of a trial's beginning and ten epochs; takes no time."""
    worker = get_worker()
    worker.log_event(SLOT, encode(TaskStarted(task, 1)))
    for epoch in range(1, EPOCHS + 1):
        result = EpochResult(epoch, 0.1, 0.1, 0.5, 0.1)
        worker.log_event(SLOT, encode(TaskEpoch(task, result)))
    return task


if __name__ == "__main__":
    # A profiler a worker would take the processor that all of them share.
    dask.config.set({"distributed.worker.profile.enabled": False})
    asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
