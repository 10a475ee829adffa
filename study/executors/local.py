"""Train in processes of this machine: one thread each, warm from job to job, replaceable."""

import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from pathlib import Path

from search_spaces.faults import fault
from study.executors.gpus import Gpu, named
from study.executors.own_network import OwnNetwork
from study.executors.pipe_messages import Broken, Memory, OpenData, Ready, StopJob
from study.executors.protocol import Event, Failed, Finished, Job, Lost, Started, Stopped
from study.executors.worker_process import PROCESSOR, WorkerProcess, start_module, start_worker

# A worker that holds more memory than this after a job is replaced, bytes.
MEMORY_LIMIT = 3 * 2**30
# So many workers in a row may die before they ever were ready.
_FALSE_STARTS = 3


@dataclass
class _Worker:
    name: str
    gpu: Gpu | None
    process: WorkerProcess
    ready: bool = False
    is_over_limit: bool = False
    job: int | None = None


class LocalExecutor:
    """Hold `jobs` worker processes; they start at once and wait for `open_data`.

    `log` takes what workers write to stderr and the tracebacks of their bugs. `command` starts
    another worker than ours; the pipe's file descriptor is added to it. `network` is what a user's
    own function builds, None for ours. Workers share `gpus` in turn; without any they train on the
    processor.
    """

    def __init__(
        self,
        jobs: int,
        log: Path,
        memory_limit: int = MEMORY_LIMIT,
        command: Sequence[str] = (),
        network: OwnNetwork | None = None,
        gpus: Sequence[Gpu] = (),
    ) -> None:
        self._slots = jobs
        self._log = log
        self._memory_limit = memory_limit
        self._command = tuple(command)
        self._network = network
        self._folder: Path | None = None
        self._false_starts = 0
        self._undelivered: deque[Event] = deque()
        shared = [gpus[i % len(gpus)] if gpus else None for i in range(jobs)]
        self._workers = [
            self._start_worker(f"worker {i}", gpu) for i, gpu in enumerate(shared, start=1)
        ]

    @property
    def slots(self) -> int:
        """Return how many jobs can run at once."""
        return self._slots

    @property
    def all_ready(self) -> bool:
        """Tell whether every worker has started and holds the data."""
        return all(worker.ready for worker in self._workers)

    def open_data(self, folder: Path) -> None:
        """Let every worker, also later ones, map the training data of this folder."""
        self._folder = folder
        for worker in self._workers:
            self._send(worker, OpenData(str(folder), self._network))

    def start(self, job: Job) -> None:
        """Begin a job, on a worker that is ready if there is one."""
        free = [worker for worker in self._workers if worker.job is None]
        worker = max(free, key=lambda one: one.ready)
        worker.job = job.job
        self._send(worker, job)

    def stop(self, job: int) -> None:
        """Ask a job to end after its running epoch; Stopped (or Finished) follows."""
        for worker in self._workers:
            if worker.job == job:
                self._send(worker, StopJob(job))

    def kill(self, job: int) -> None:
        """End a job at once with its worker; Lost follows."""
        for worker in self._workers:
            if worker.job == job:
                worker.process.kill()

    def events(self, timeout: float) -> list[Event]:
        """Wait up to timeout seconds for at least one event and return all there are."""
        limit = time.monotonic() + timeout
        while not self._undelivered:
            pipes = {worker.process.pipe: worker for worker in self._workers}
            ready = wait(list(pipes), max(0.0, limit - time.monotonic()))
            for pipe in ready:
                self._receive(pipes[pipe])  # type: ignore[index]
            if not ready:
                break
        found = list(self._undelivered)
        self._undelivered.clear()
        return found

    def close(self) -> None:
        """End every worker."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
        self._workers = []

    def _start_worker(self, name: str, gpu: Gpu | None) -> _Worker:
        worker = _Worker(name, gpu, self._start_process(PROCESSOR if gpu is None else gpu.settings))
        if self._folder is not None:
            worker.process.send(OpenData(str(self._folder), self._network))
        return worker

    def _start_process(self, device: Mapping[str, str]) -> WorkerProcess:
        if self._command:
            return start_worker(self._command, self._log, device)
        return start_module("study.executors.worker", "study-worker", self._log, device)

    def _send(self, worker: _Worker, message: object) -> None:
        # A worker that died meanwhile shows as the end of its pipe, and is dealt with there.
        worker.process.send(message)

    def _receive(self, worker: _Worker) -> None:
        for message in worker.process.receive():
            self._take(worker, message)
        if worker.process.ended:
            self._replace(worker)

    def _take(self, worker: _Worker, message: object) -> None:
        match message:
            case Ready():
                worker.ready = True
                self._false_starts = 0
            case Memory(held_bytes=held):
                worker.is_over_limit = held > self._memory_limit
            case Broken(job=job, reason=reason, traceback=text):
                _append(self._log, text)
                self._free(worker, Failed(job, f"bug: {reason}"))
            case Started():
                self._undelivered.append(replace(message, worker=worker.name))
            case Finished():
                self._free(worker, _trained_on(worker.gpu, message))
            case Stopped() | Failed():
                self._free(worker, message)
            case _:
                self._undelivered.append(message)  # type: ignore[arg-type]

    def _free(self, worker: _Worker, end: Event) -> None:
        worker.job = None
        self._undelivered.append(end)
        if worker.is_over_limit:
            worker.process.kill()
            self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        how = worker.process.join()
        if not worker.ready:
            self._false_starts += 1
            if self._false_starts >= _FALSE_STARTS:
                what = f"workers do not start: {how}; what they said is in the log"
                raise fault(str(self._log), what)
        if worker.job is not None:
            self._undelivered.append(
                Lost(worker.job, f"its worker (pid {worker.process.pid}) {how}")
            )
        self._workers[self._workers.index(worker)] = self._start_worker(worker.name, worker.gpu)


def _trained_on(gpu: Gpu | None, end: Finished) -> Finished:
    return end if gpu is None else replace(end, machine=f"{end.machine}, {named([gpu])}")


def _append(log: Path, text: str) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write(text)
