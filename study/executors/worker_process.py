"""One worker process and the pipe to it."""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from reports.child_process import child_command, child_environment
from study import engine
from study.executors.fork_server import is_possible
from study.executors.forked_process import ForkedProcess, start_forked

# Keras reads its settings there: ours, whatever the user has for other work.
_KERAS_HOME = Path(engine.__file__).parent / "keras_home"
# Read by TensorFlow, Keras and their libraries when they are imported.
SETTINGS = {
    "KERAS_BACKEND": "tensorflow",
    "KERAS_HOME": str(_KERAS_HOME),
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}


# The same of a process that sees no GPU: a card would be taken hold of, and would round otherwise.
PROCESSOR = {"CUDA_VISIBLE_DEVICES": "-1"}


class WorkerProcess:
    """A started worker; `ended` is True once its end of the pipe is closed."""

    def __init__(
        self, process: subprocess.Popen[bytes] | ForkedProcess, pipe: "Connection[Any, Any]"
    ) -> None:
        self._process = process
        self.pipe = pipe
        self.ended = False

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._process.pid

    def send(self, message: object) -> None:
        """Send a message; to a worker that died it is lost, and `receive` will tell."""
        try:
            self.pipe.send(message)
        except OSError:
            self._process.poll()

    def receive(self) -> list[object]:
        """Return every message that is there; sets `ended` at the pipe's end."""
        found: list[object] = []
        try:
            while self.pipe.poll():
                found.append(self.pipe.recv())
        except (EOFError, OSError):
            self.ended = True
        return found

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def join(self) -> str:
        """Wait for the process's end, close the pipe and say how it ended."""
        self.pipe.close()
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        if code >= 0:
            return f"ended with exit code {code}"
        return f"was killed by {signal.Signals(-code).name}"


def start_module(
    module: str, name: str, log: Path, device: Mapping[str, str] = PROCESSOR
) -> WorkerProcess:
    """Start a module's `main(FD)` with Keras in its process; its output is appended to the log.

    `name` (at most 15 characters) is what process lists show where it is forked; `device` are
    settings that say what it may compute on.
    """
    if not is_possible():
        return start_worker(child_command(module), log, device)
    ours, theirs = Pipe()
    with theirs:
        environment = child_environment({**SETTINGS, **device})
        process = start_forked(module, name, environment, theirs.fileno(), log)
    return WorkerProcess(process, ours)


def start_worker(
    command: Sequence[str], log: Path, device: Mapping[str, str] = PROCESSOR
) -> WorkerProcess:
    """Start `command FD`, its stdout and stderr appended to the log."""
    ours, theirs = Pipe()
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 our own module in our own interpreter
            [*command, str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=[theirs.fileno()],
            env=child_environment({**SETTINGS, **device}),
            # A session of its own: the terminal's Ctrl-C is the coordinator's business.
            start_new_session=True,
        )
    theirs.close()
    return WorkerProcess(process, ours)
