"""Run a fixed list of jobs to their ends: what confirmation and verification need."""

from collections import Counter, deque
from collections.abc import Callable, Iterable

from study.coordinator.interrupts import Interrupts
from study.coordinator.limits import RETRIES, WAIT_SECONDS
from study.executors.protocol import Event, Executor, Failed, Finished, Job, Lost


def run_jobs(
    executor: Executor,
    jobs: Iterable[Job],
    on_event: Callable[[Event], None] = lambda _: None,
    interrupts: Interrupts | None = None,
) -> dict[int, Finished | Failed]:
    """Return every job's end by its number; one whose worker died runs again, at most twice.

    Raises KeyboardInterrupt when interrupted; whoever owns the executor closes it then.
    """
    waiting = deque(jobs)
    running: dict[int, Job] = {}
    lost: Counter[int] = Counter()
    ends: dict[int, Finished | Failed] = {}
    while waiting or running:
        while waiting and len(running) < executor.slots:
            job = waiting.popleft()
            running[job.job] = job
            executor.start(job)
        for event in executor.events(WAIT_SECONDS):
            on_event(event)
            if isinstance(event, Finished | Failed):
                del running[event.job]
                ends[event.job] = event
            elif isinstance(event, Lost):
                job = running.pop(event.job)
                lost[job.job] += 1
                if lost[job.job] <= RETRIES:
                    waiting.append(job)
                else:
                    reason = f"{event.reason} (attempt {RETRIES + 1} of {RETRIES + 1})"
                    ends[job.job] = Failed(job.job, reason, worth_repeating=True)
        if interrupts is not None:
            interrupts.check()
    return ends
