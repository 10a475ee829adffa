"""Run fixed jobs to their ends: what confirmation and verification need."""

from collections import Counter, deque
from collections.abc import Callable, Iterable

from study.coordinator.interrupts import Interrupts
from study.coordinator.limits import RETRIES, WAIT_SECONDS
from study.executors.protocol import Event, Executor, Failed, Finished, Job, Lost, Stopped

OnEvent = Callable[[Event], None]
End = Finished | Failed


class JobQueue:
    """Run jobs on an executor, and on slots that would idle those that are likely to follow.

    A job's number names it for as long as the queue lives. Whoever owns the executor closes it.
    """

    def __init__(self, executor: Executor, interrupts: Interrupts | None = None) -> None:
        self.executor = executor
        self._interrupts = interrupts
        self._running: dict[int, Job] = {}
        self._lost: Counter[int] = Counter()

    def run(
        self, jobs: Iterable[Job], on_event: OnEvent = lambda _: None, ahead: Iterable[Job] = ()
    ) -> dict[int, End]:
        """Return every job's end by its number; one whose worker died runs again, at most twice.

        Jobs `ahead` start, in their order, where none of the others waits. They may still run when
        this returns, and are taken up by the next call that asks for them; ends of those that were
        done meanwhile are returned too. One that nobody asks for any more is stopped where another
        waits for its slot. Raises KeyboardInterrupt when interrupted.
        """
        wanted = {job.job: job for job in jobs}
        later = {job.job: job for job in ahead if job.job not in wanted}
        waiting = deque(job for job in wanted.values() if job.job not in self._running)
        left = set(wanted)
        ends: dict[int, End] = {}
        if waiting:
            self._stop(self._running.keys() - wanted.keys() - later.keys())
        while left:
            self._fill(waiting, later, ends)
            for event in self.executor.events(WAIT_SECONDS):
                on_event(event)
                end = self._end(event, wanted, waiting)
                if end is not None:
                    ends[end.job] = end
                    left.discard(end.job)
            if self._interrupts is not None:
                self._interrupts.check()
        return ends

    def stop_ahead(self) -> None:
        """Stop what runs ahead and wait for its end; nobody asks for it any more."""
        self._stop(self._running.keys())
        while self._running:
            for event in self.executor.events(WAIT_SECONDS):
                self._end(event, {}, deque())
            if self._interrupts is not None:
                self._interrupts.check()

    def _stop(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self.executor.stop(number)

    def _fill(self, waiting: deque[Job], later: dict[int, Job], ends: dict[int, End]) -> None:
        free = self.executor.slots - len(self._running)
        begun = [waiting.popleft() for _ in range(max(0, min(len(waiting), free)))]
        free -= len(begun)
        busy = self._running.keys() | ends.keys()
        begun += [job for job in later.values() if job.job not in busy][: max(0, free)]
        for job in begun:
            self._running[job.job] = job
            self.executor.start(job)

    def _end(self, event: Event, wanted: dict[int, Job], waiting: deque[Job]) -> End | None:
        """Take in what ends a job, and return the end where there is one."""
        if not isinstance(event, Finished | Failed | Lost | Stopped):
            return None
        job = self._running.pop(event.job)
        if isinstance(event, Finished | Failed):
            return event
        if isinstance(event, Lost):
            self._lost[job.job] += 1
            if self._lost[job.job] > RETRIES:
                reason = f"{event.reason} (attempt {RETRIES + 1} of {RETRIES + 1})"
                return Failed(job.job, reason, worth_repeating=True)
        if job.job in wanted:
            waiting.append(job)
        return None


def run_jobs(
    executor: Executor,
    jobs: Iterable[Job],
    on_event: OnEvent = lambda _: None,
    interrupts: Interrupts | None = None,
) -> dict[int, End]:
    """Return every job's end by its number, as a queue of its own does."""
    return JobQueue(executor, interrupts).run(jobs, on_event)
